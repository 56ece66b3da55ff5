import { describe, expect, it } from "vitest";
import type { Door, FaceSubnet, Faces, Opening } from "../../../../src/model/faces.js";
import { assessSurroundings } from "./assess.js";

const subnet = (id: string, range: string, change: Partial<FaceSubnet> = {}): FaceSubnet => ({
  ...{ id, vpcId: "vpc-1", range, routes: [], aclId: "acl-1", routeTableId: `rtb-${id}` },
  ...change,
});

/** Blue and green in one network, and nothing that knows blue. */
const quiet: Faces = {
  account: "123456789012",
  region: "eu-central-1",
  blue: {
    name: "blue",
    vpcId: "vpc-1",
    groups: [
      { id: "sg-blue", name: "nodes.blue", own: true },
      { id: "sg-office", name: "office", own: false },
    ],
    subnets: [subnet("blue", "10.0.0.0/20")],
    nodes: [{ id: "i-1", privateIps: ["10.0.0.7"], publicIps: [] }],
    issuers: ["issuer/blue"],
    roleArns: ["arn:aws:iam::123456789012:role/nodes"],
    podIdentities: [],
    egress: { addresses: ["198.51.100.1"], unseen: [] },
  },
  green: {
    ...{ name: "green-1", network: "found", vpcId: "vpc-1", ranges: ["10.0.16.0/20", "10.0.32.0/20"] },
    subnets: [subnet("green-a", "10.0.16.0/20"), subnet("green-b", "10.0.32.0/20")],
    egress: { addresses: ["198.51.100.1"], unseen: [] },
    ...{ admittedBy: [], joins: ["sg-office"], identities: [] },
  },
  ...{ doors: [], roles: [], policies: [], endpoints: [], peerings: [], unread: [] },
};
const blue = (change: Partial<Faces["blue"]>): Partial<Faces> => ({ blue: { ...quiet.blue, ...change } });
const green = (change: Partial<Faces["green"]>): Partial<Faces> => ({ green: { ...quiet.green, ...change } });
const found = (change: Partial<Faces>) => {
  const findings = assessSurroundings({ ...quiet, ...change });
  return findings.filter(({ id }) => id !== "surroundings-not-looked-at");
};
const ids = (change: Partial<Faces>) => found(change).map(({ id }) => id);

const door = (...openings: Partial<Opening>[]): Door => ({
  ...{ kind: "security-group", id: "sg-db", name: "db", vpcId: "vpc-1", near: true, users: ["RDS"] },
  openings: openings.map((opening): Opening => {
    const ports = { from: 5432, to: 5432 };
    return { direction: "in", protocol: "tcp", ports, peer: { group: "sg-blue" }, ...opening };
  }),
});
const ranges = (...all: string[]): Partial<Opening> => ({ peer: { ranges: all } });
const wide = { from: 0, to: 65535 };

describe("surroundings", () => {
  it("that know green as they know blue are no finding", () => {
    expect(ids({})).toEqual([]);
  });

  it.each<[string, Partial<Opening>[]]>([
    ["another rule names green's group", [{}, { peer: { group: "sg-green" } }]],
    ["another rule names a group that green's nodes carry", [{}, { peer: { group: "sg-office" } }]],
    ["ranges share green's subnets out", [{}, ranges("10.0.16.0/20"), ranges("10.0.32.0/21", "10.0.40.0/21")]],
    ["a wider rule has all ports", [{}, { ...ranges("10.0.0.0/16"), ports: wide }]],
    ["a wider rule has all protocols", [{}, { ...ranges("10.0.0.0/16"), protocol: "all" }]],
    ["its range has both", [ranges("10.0.0.0/16")]],
    ["its range is somebody else's", [ranges("10.1.0.0/16")]],
    ["it names a group that green's nodes carry too", [{ peer: { group: "sg-office" } }]],
    ["it names another cluster's group", [{ peer: { group: "sg-lookalike" } }]],
  ])("are let in where %s", (_, openings) => {
    expect(ids({ doors: [door(...openings)], ...green({ groupId: "sg-green" }) })).toEqual([]);
  });

  it.each<[string, Partial<Opening>[]]>([
    ["ranges leave a part of green's subnets out", [{}, ranges("10.0.16.0/20", "10.0.32.0/21")]],
    ["the other rule is of fewer ports", [{ ports: wide }, { peer: { group: "sg-green" } }]],
    ["the other rule is of another protocol", [{}, { protocol: "udp", peer: { group: "sg-green" } }]],
    ["the other rule is of the other direction", [{}, { direction: "out", peer: { group: "sg-green" } }]],
  ])("are not let in where %s", (_, openings) => {
    expect(ids({ doors: [door(...openings)], ...green({ groupId: "sg-green" }) })).toEqual(["group-admits-blue"]);
  });

  it("name green's group once it is there, and its own directions and protocols", () => {
    const [finding] = found({
      doors: [door({ protocol: "all", ports: undefined, direction: "out" } as unknown as Opening)],
      ...green({ groupId: "sg-green" }),
    });
    expect(finding?.commands).toEqual([
      "aws ec2 authorize-security-group-egress --region eu-central-1 --group-id sg-db --ip-permissions 'IpProtocol=-1,UserIdGroupPairs=[{GroupId=sg-green}]'",
    ]);
  });

  const role = {
    ...{ arn: "arn:aws:iam::123456789012:role/web", name: "web", issuer: "issuer/blue" },
    ...{ subjects: ["system:serviceaccount:shop:web"], nodeRoles: [], trustsGreen: false },
  };
  const account = { namespace: "shop", serviceAccount: "web" };
  const bucket = { kind: "bucket" as const, name: "acme", roleArns: [role.arn], ranges: [], networks: [] };
  const route = { to: "10.60.0.0/16", by: "tgw-1" };
  const routed = [subnet("blue", "10.0.0.0/20", { routes: [route] })];
  const endpoint = { id: "vpce-1", vpcId: "vpc-1", service: "s3", type: "Gateway", routeTableIds: ["rtb-blue"] };

  it.each<[string, Partial<Faces>, string[]]>([
    ["a role that trusts blue", { roles: [role] }, ["role-trusts-blue"]],
    ["a role that trusts green too", { roles: [{ ...role, trustsGreen: true }] }, []],
    ["a role that green has one of its own for", { roles: [role], ...green({ identities: [account] }) }, []],
    [
      "a role of patterns, which no account of green's can stand for",
      { roles: [{ ...role, subjects: ["system:serviceaccount:shop:*"] }], ...green({ identities: [account] }) },
      ["role-trusts-blue"],
    ],
    [
      "a Pod Identity of blue's",
      blue({ podIdentities: [{ ...account, roleArn: role.arn }] }),
      ["pod-identity-of-blue"],
    ],
    [
      "a Pod Identity that green has too",
      { ...blue({ podIdentities: [{ ...account, roleArn: role.arn }] }), ...green({ identities: [account] }) },
      [],
    ],
    ["a bucket that names a workload's role which stays", { roles: [role], policies: [bucket] }, ["role-trusts-blue"]],
    [
      "a bucket that names a workload's role which is another one on green",
      { roles: [role], policies: [bucket], ...green({ identities: [account] }) },
      ["policy-names-blue"],
    ],
    ["a bucket by addresses that stay", { policies: [{ ...bucket, roleArns: [], ranges: ["198.51.100.0/24"] }] }, []],
    ["a way that green lacks", blue({ subnets: routed }), ["route-missing"]],
    [
      "a way that green has by a wider route",
      {
        ...blue({ subnets: routed }),
        ...green({ subnets: [subnet("green-a", "10.0.16.0/20", { routes: [{ to: "10.0.0.0/8", by: "tgw-1" }] })] }),
      },
      [],
    ],
    ["an endpoint that green's tables lack", { endpoints: [endpoint] }, ["endpoint-missing"]],
    [
      "an endpoint that green's tables have",
      { endpoints: [{ ...endpoint, routeTableIds: ["rtb-blue", "rtb-green-a", "rtb-green-b"] }] },
      [],
    ],
    ["other ACLs", green({ subnets: [subnet("green-a", "10.0.16.0/20", { aclId: "acl-2" })] }), ["acl-differs"]],
    ["another address to leave by", green({ egress: { addresses: ["198.51.100.2"], unseen: [] } }), ["egress-changes"]],
    ["fewer addresses to leave by", blue({ egress: { addresses: ["198.51.100.1", "198.51.100.9"], unseen: [] } }), []],
    ["a way out that isn't seen", green({ egress: { addresses: [], unseen: ["tgw-1"] } }), ["egress-changes"]],
    ["no way out at all", green({ egress: { addresses: [], unseen: [] } }), ["egress-changes"]],
  ])("%s", (_, change, expected) => {
    expect(ids(change)).toEqual(expected);
  });
});
