import { randomBytes } from "node:crypto";
import { main } from "@pulumi/pulumi/provider/server.js";

/**
 * A resource plugin in the real one's place, for the real engine: what it is asked to make it says to have made, and it finds
 * whatever is looked up. It makes nothing, and keeps nothing.
 */
const zones = JSON.parse(process.env.SHAPES_ZONES ?? "{}") as Record<string, string>;

type Inputs = Record<string, unknown>;

void main(
  {
    version: "7.48.0",
    check: async (_urn, _olds, news: Inputs) => ({ inputs: news }),
    create: async (urn, inputs: Inputs) => {
      const id = `${urn.split("::").at(-1)}-${randomBytes(4).toString("hex")}`;
      return { id, outs: { ...inputs, ...computed(urn, id) } };
    },
    invoke: async (token, inputs: Inputs) => ({ outputs: { ...inputs, ...found(token, inputs) } }),
  },
  process.argv.slice(2),
);

function computed(urn: string, id: string): Inputs {
  const arn = `arn:aws:test::123456789012:${id}`;
  if (urn.includes("eks/cluster:Cluster")) {
    return {
      arn,
      endpoint: "https://green.eks.example",
      certificateAuthority: { data: "Q0E=" },
      vpcConfig: { clusterSecurityGroupId: "sg-1" },
      identities: [{ oidcs: [{ issuer: "https://oidc.eks.example/id/green" }] }],
    };
  }
  return { arn, bucket: id, allocationId: id, publicIp: "198.51.100.1", latestVersion: 1 };
}

interface Filter {
  name: string;
  values: string[];
}

function found(token: string, { id, name, filters }: Inputs): Inputs {
  const asked = (filter: string) => ((filters ?? []) as Filter[]).find((each) => each.name === filter)?.values ?? [];
  const answers: Record<string, Inputs> = {
    "aws:ec2/getVpcs:getVpcs": { ids: asked("vpc-id") },
    "aws:ec2/getSubnets:getSubnets": { ids: asked("subnet-id") },
    "aws:ec2/getNatGateways:getNatGateways": { ids: [] },
    "aws:ec2/getSubnet:getSubnet": { availabilityZone: zones[String(id)] },
    "aws:ec2/getVpc:getVpc": { cidrBlock: "172.20.0.0/16" },
    "aws:route53/getZone:getZone": { zoneId: `Z-${name}` },
    "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "123456789012" },
  };
  const answer = answers[token];
  if (answer === undefined) throw new Error(`the plugin for tests doesn't know ${token}`);
  return answer;
}
