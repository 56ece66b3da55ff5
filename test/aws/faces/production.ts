import type { FacesQuestion } from "../../../src/aws/faces/open-faces.js";
import { account, type Planter, tcp } from "./planter.js";

export const blueName = "blue.acme.example";
export const issuer = "issuer.acme.example/blue";

/**
 * A production of kops's that others know by each of its faces, and things of other clusters that look like it. `ids`: of what
 * was planted, by the name that tests have for it.
 */
export async function plantProduction(
  plant: Planter,
): Promise<{ ids: Record<string, string>; question: FacesQuestion }> {
  const ids: Record<string, string> = {};
  const vpc = await plant.vpc("172.20.0.0/16");
  const peer = await plant.vpc("10.50.0.0/16");
  const far = await plant.vpc("172.20.0.0/16");
  const blueA = await plant.subnet(vpc, "172.20.32.0/19");
  const blueB = await plant.subnet(vpc, "172.20.64.0/19", "b");
  const greenA = await plant.subnet(vpc, "172.20.128.0/20");
  const greenB = await plant.subnet(vpc, "172.20.144.0/20", "b");
  const open = await plant.subnet(vpc, "172.20.4.0/22");
  const data = await plant.subnet(vpc, "172.20.200.0/24");
  const peered = await plant.subnet(peer, "10.50.1.0/24");
  const farSubnet = await plant.subnet(far, "172.20.32.0/19");
  await plant.internetGateway(vpc);
  const [natBlue, natGreen] = [await plant.nat(open), await plant.nat(open)];
  const pcx = await plant.peering(vpc, peer);
  const blueTable = await plant.routes(vpc, [blueA, blueB], {
    "0.0.0.0/0": { NatGatewayId: natBlue.id },
    "10.50.0.0/16": { VpcPeeringConnectionId: pcx },
  });
  await plant.routes(vpc, [greenA, greenB], { "0.0.0.0/0": { NatGatewayId: natGreen.id } });

  const nodes = await plant.group(vpc, `nodes.${blueName}`, { tags: { KubernetesCluster: blueName } });
  const lookalike = await plant.group(vpc, `nodes.${blueName}.org`, {
    tags: { [`kubernetes.io/cluster/${blueName}.org`]: "owned" },
  });
  const carried = await plant.group(vpc, "office");
  const nodeRole = await plant.role(`nodes.${blueName}`, {
    Principal: { Service: "ec2.amazonaws.com" },
    Action: "sts:AssumeRole",
  });
  const profile = await plant.profile(`nodes.${blueName}`, `nodes.${blueName}`);
  const node = await plant.node(blueA, [nodes, carried], blueName, profile);
  const second = await plant.node(blueB, [nodes, carried], blueName, profile);

  const behind = async (name: string, rules: Parameters<typeof plant.group>[2], user: string, subnet = data) => {
    const where = { [data]: vpc, [peered]: peer, [farSubnet]: far }[subnet] ?? vpc;
    ids[name] = await plant.group(where, name, rules);
    if (user) await plant.interface(subnet, ids[name], user);
  };
  await behind("orders-db", { ingress: [tcp(5432, nodes)] }, "RDSNetworkInterface");
  await behind("cache", { ingress: [tcp(6379, "172.20.32.0/19", "172.20.64.0/19")] }, "ElastiCache sessions-001");
  await behind("legacy", { ingress: [tcp(8080, `${node.address}/32`)] }, "legacy");
  const list = await plant.prefixList("blue-nodes", ["172.20.32.0/19"]);
  await behind("listed", { ingress: [tcp(2049, list)] }, "EFS mount target for fs-1 (fsmt-1)");
  await behind("proxy", { egress: [tcp(10250, nodes)] }, "proxy");
  await behind("nobody", { ingress: [tcp(22, nodes)] }, "");
  await behind("peered-db", { ingress: [tcp(3306, "172.20.0.0/17")] }, "RDSNetworkInterface", peered);
  await behind("partner", { ingress: [tcp(443, `${natBlue.address}/32`)] }, "ELB app/partner/1", farSubnet);
  // What must not be told.
  await behind("search", { ingress: [tcp(443, "172.20.0.0/16")] }, "ES search");
  await behind("queue", { ingress: [tcp(9092, nodes, "172.20.128.0/20", "172.20.144.0/20")] }, "MSK queue");
  await behind(
    "wider",
    { ingress: [tcp(5433, nodes), { IpProtocol: "-1", IpRanges: [{ CidrIp: "172.20.128.0/17" }] }] },
    "x",
  );
  await behind("of-lookalike", { ingress: [tcp(5432, lookalike)] }, "RDSNetworkInterface");
  await behind("everyone", { ingress: [tcp(443, nodes, "0.0.0.0/0")] }, "ELB app/shop/1");
  await behind("same-range-elsewhere", { ingress: [tcp(5432, "172.20.32.0/19")] }, "RDSNetworkInterface", farSubnet);
  await behind("by-carried", { ingress: [tcp(22, carried)] }, "bastion");
  ids.carried = carried;
  ids.acl = await plant.acl(vpc, data, "172.20.32.0/19", 5432);

  const provider = await plant.issuer(issuer, blueName);
  const other = await plant.issuer(`${issuer}-2`, `${blueName}.org`);
  const web = (Federated: string, host: string, subject: string) => ({
    Principal: { Federated },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: { StringEquals: { [`${host}:sub`]: `system:serviceaccount:${subject}` } },
  });
  const shopRole = await plant.role("shop-web", web(provider, issuer, "shop:web"));
  await plant.rolePolicy("shop-web", "read", {
    ...{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::acme-shop/*" },
  });
  await plant.role("mail", web(provider, issuer, "mail:sender"));
  await plant.role("everything", {
    Principal: { Federated: provider },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: { StringLike: { [`${issuer}:sub`]: "system:serviceaccount:jobs:*" } },
  });
  await plant.role("of-lookalike", web(other, `${issuer}-2`, "shop:web"));
  await plant.role("kiam", { Principal: { AWS: nodeRole }, Action: "sts:AssumeRole" });

  const allow = (Principal: unknown, more: object = {}) => ({
    ...{ Effect: "Allow", Principal, Action: "s3:GetObject", Resource: "arn:aws:s3:::acme/*" },
    ...more,
  });
  await plant.bucket("acme-logs", allow({ AWS: nodeRole }));
  await plant.bucket("acme-shop", allow({ AWS: [shopRole] }));
  await plant.bucket(
    "acme-pattern",
    allow("*", { Condition: { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${account}:role/nodes.*` } } }),
  );
  await plant.bucket(
    "acme-by-address",
    allow("*", { Condition: { IpAddress: { "aws:SourceIp": `${natBlue.address}/32` } } }),
  );
  await plant.bucket("acme-plain");
  await plant.bucket(
    "acme-others",
    allow({ AWS: `${nodeRole}.org` }),
    allow("*", { Condition: { StringEquals: { "aws:SourceVpc": vpc } } }),
  );
  ids.key = await plant.key({
    Effect: "Allow",
    Principal: { AWS: nodeRole },
    Action: "kms:Decrypt",
    Resource: "*",
  });
  await plant.key();
  ids.gateway = await plant.endpoint(vpc, "s3", { VpcEndpointType: "Gateway", RouteTableIds: [blueTable] });
  ids.everywhere = await plant.endpoint(vpc, "sts", { VpcEndpointType: "Interface", SubnetIds: [data] });

  Object.assign(ids, {
    greenA,
    greenB,
    open,
    vpc,
    node: node.id,
    second: second.id,
    natBlue: natBlue.address,
    natGreen: natGreen.address,
    pcx,
  });
  const question: FacesQuestion = {
    blue: { name: blueName, instanceIds: [node.id], moving: [] },
    green: {
      ...{ name: "acme-1-35", admittedBy: [], joins: [], identities: [] },
      network: {
        kind: "found",
        vpc: [{ Name: "vpc-id", Values: [vpc] }],
        privateSubnets: [{ Name: "subnet-id", Values: [greenA, greenB] }],
      },
    },
  };
  return { ids, question };
}
