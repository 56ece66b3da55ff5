import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FacesQuestion, openFaces } from "../../../src/aws/faces/open-faces.js";
import type { Faces } from "../../../src/model/faces.js";
import type { Finding } from "../../../src/model/finding.js";
import { assessSurroundings } from "../../plan/findings/surroundings/assess.js";
import { virtualClock } from "../clock.js";
import { openTestAws } from "../moto.js";
import { account, createPlanter, region } from "./planter.js";
import { issuer, plantProduction } from "./production.js";

const opened = await openTestAws();

describe.skipIf("missing" in opened)(
  `what lets blue in${"missing" in opened ? ` (skipped: ${opened.missing})` : ""}`,
  () => {
    if ("missing" in opened) return;
    const { front } = opened;
    const plant = createPlanter(front.internalEndpoint);
    const reader = openFaces({ region, endpoint: front.endpoint }, { clock: virtualClock() });
    afterAll(async () => {
      plant.close();
      reader.close();
      await opened.close();
    });

    let question: FacesQuestion;
    let ids: Record<string, string>;
    const read = (green: Partial<FacesQuestion["green"]> = {}, blue: Partial<FacesQuestion["blue"]> = {}) =>
      reader.read({ blue: { ...question.blue, ...blue }, green: { ...question.green, ...green } }, account);

    beforeAll(async () => {
      ({ ids, question } = await plantProduction(plant));
    }, 60_000);

    const told = (faces: Faces): string[] =>
      assessSurroundings(faces).map(({ id, severity, object }) => `${severity} ${id}: ${object?.name ?? ""}`);
    const of = (findings: Finding[], name: string) => findings.find(({ object }) => object?.name.includes(name));

    it("is all found, and nothing of a cluster that is only called alike", async () => {
      const faces = await read();
      expect(faces.unread).toEqual([]);
      expect(faces.blue).toMatchObject({
        vpcId: ids.vpc,
        issuers: [issuer],
        egress: { addresses: [ids.natBlue], unseen: [] },
      });
      expect(faces.blue.nodes.map(({ id }) => id).sort()).toEqual([ids.node, ids.second].sort());
      expect(told(faces).sort()).toEqual(
        [
          `note group-admits-blue: ${ids.nobody} (nobody)`,
          `warning group-admits-blue: ${ids["orders-db"]} (orders-db)`,
          `warning group-admits-blue: ${ids.proxy} (proxy)`,
          `warning range-admits-blue: ${ids.cache} (cache)`,
          `warning range-admits-blue: ${ids.legacy} (legacy)`,
          `warning range-admits-blue: ${ids.listed} (listed)`,
          `warning range-admits-blue: ${ids.partner} (partner)`,
          `warning range-admits-blue: ${ids["peered-db"]} (peered-db)`,
          `warning nodes-carry-group: ${ids.carried} (office)`,
          `warning acl-admits-blue: ${ids.acl}`,
          "warning role-trusts-blue: shop-web",
          "warning role-trusts-blue: mail",
          "warning role-trusts-blue: everything",
          "warning role-trusts-nodes: kiam",
          "warning policy-names-blue: acme-logs",
          "warning policy-names-blue: acme-pattern",
          "warning policy-names-blue: acme-by-address",
          `warning policy-names-blue: ${ids.key}`,
          `warning endpoint-missing: ${ids.gateway} (com.amazonaws.${region}.s3)`,
          `warning route-missing: 10.50.0.0/16 by ${ids.pcx}`,
          "warning egress-changes: ",
          "note surroundings-not-looked-at: ",
        ].sort(),
      );
    });

    it("is told with the exact rule for green, and with who stands behind the group", async () => {
      const findings = assessSurroundings(await read());
      expect(of(findings, "orders-db")).toMatchObject({
        why: expect.stringMatching(
          /tcp 5432 it lets in blue, by nodes\.blue\.acme\.example \(sg-\w+\), and not green\. Behind it: RDSNetworkInterface\./,
        ),
        commands: [
          `aws ec2 authorize-security-group-ingress --region ${region} --group-id ${ids["orders-db"]} --ip-permissions 'IpProtocol=tcp,FromPort=5432,ToPort=5432,UserIdGroupPairs=[{GroupId=GREEN_GROUP}]'`,
        ],
      });
      expect(of(findings, "proxy")?.commands?.[0]).toContain("authorize-security-group-egress");
      expect(of(findings, "partner")?.commands?.[0]).toContain(`IpRanges=[{CidrIp=${ids.natGreen}/32}]`);
      expect(of(findings, "listed")?.why).toMatch(/172\.20\.32\.0\/19 of pl-\w+/);
      expect(of(findings, ids.acl ?? "")?.commands).toEqual([
        expect.stringContaining("--protocol tcp --port-range From=5432,To=5432 --cidr-block 172.20.128.0/20"),
        expect.stringContaining("--cidr-block 172.20.144.0/20"),
      ]);
      const egress = findings.find(({ id }) => id === "egress-changes");
      expect(egress?.why).toContain(`Blue leaves by ${ids.natBlue}; green will leave by ${ids.natGreen}.`);
    });

    it("is no finding any more once green's settings give it", async () => {
      const rule = (name: string, port: number, direction: "in" | "out" = "in") => {
        const ports = { from: port, to: port };
        return { securityGroupId: ids[name] ?? "", direction, protocol: "tcp", ports };
      };
      const faces = await read({
        admittedBy: [rule("orders-db", 5432), rule("cache", 6379), rule("legacy", 8081), rule("proxy", 10250, "out")],
        joins: [ids.carried ?? ""],
        identities: [{ namespace: "shop", serviceAccount: "web" }],
      });
      const still = told(faces);
      for (const name of ["orders-db", "cache", "proxy", "carried"])
        expect(still.filter((line) => line.includes(ids[name] ?? ""))).toEqual([]);
      expect(still.filter((line) => line.includes("legacy") || line.includes(": mail"))).toEqual([
        `warning range-admits-blue: ${ids.legacy} (legacy)`,
        "warning role-trusts-blue: mail",
      ]);
      expect(still.filter((line) => line.includes("role-trusts-blue: shop"))).toEqual([]);
      // Green's role is another one than blue's: the bucket that names blue's has to be told.
      expect(still).toContain("warning policy-names-blue: acme-shop");
    });

    it("is told of a new network by ranges, since no rule may name a group of it", async () => {
      const faces = await read({ network: { kind: "new", range: "10.20.0.0/16" } });
      const findings = assessSurroundings(faces);
      expect(of(findings, "orders-db")?.commands?.[0]).toContain("IpRanges=[{CidrIp=10.20.0.0/16}]");
      const lines = told(faces);
      expect(lines).toContain(`warning peering-missing: ${ids.pcx}`);
      expect(lines).toContain("warning policy-names-blue: acme-others");
      expect(lines).toContain(`warning endpoint-missing: ${ids.everywhere} (com.amazonaws.${region}.sts)`);
      expect(lines.filter((line) => line.includes("route-missing") || line.includes("nodes-carry"))).toEqual([]);
      expect(of(findings, "search")).toBeDefined();
      expect(findings.find(({ id }) => id === "egress-changes")?.why).toContain("addresses that aren't known yet");
    });

    it("tells all of it where green's network isn't known, and says so", async () => {
      const lines = told(await read({ network: { kind: "unknown" } }));
      expect(lines).toContain("warning green-network-unknown: ");
      expect(lines).toContain(`warning range-admits-blue: ${ids.search} (search)`);
    });

    it("counts addresses that move with the traffic as none that blue alone leaves by", async () => {
      const { blue } = await read({}, { moving: [ids.node ?? "", ids.second ?? ""] });
      expect(blue.egress.addresses).toEqual([ids.natBlue]);
    });

    it("says what couldn't be looked at, in AWS's words, and tells the rest", async () => {
      const denied = new Set(["DescribeSecurityGroups", "ListRoles", "GetKeyPolicy"]);
      const refuse = ({ action }: { action: string }) =>
        denied.has(action)
          ? {
              ...{ kind: "answer" as const, when: "before" as const, status: 403 },
              body: "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors><RequestID>1</RequestID></Response>",
            }
          : undefined;
      front.faults.push(refuse);
      try {
        const faces = await read();
        expect(faces.unread.map(({ what }) => what)).toEqual([
          "security groups",
          "IAM roles and whom they trust",
          expect.stringMatching(/^policies of keys: arn:aws:kms:/),
        ]);
        const lines = told(faces);
        expect(lines.filter((line) => line === "warning surroundings-unread: ")).toHaveLength(3);
        expect(lines).toContain("warning policy-names-blue: acme-logs");
      } finally {
        front.faults.splice(front.faults.indexOf(refuse), 1);
      }
    });

    it("is nothing where blue stands nowhere: that is said, and not taken for order", async () => {
      const faces = await read({}, { name: "nowhere.example", instanceIds: ["i-00000000000000000"] });
      expect(told(faces)).toEqual(["warning blue-unseen: ", "note surroundings-not-looked-at: "]);
    });
  },
);
