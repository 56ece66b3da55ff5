import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findMadeResource } from "../../src/aws/made-resources.js";
import { ensureMoto } from "../../src/sandbox/binaries/moto.js";
import { type Call, createAws } from "../harness/aws-api/client.js";
import { modelsBeside } from "../harness/aws-api/model.js";
import { startAwsWithEks } from "../harness/aws-lacks/front.js";
import { startMoto } from "../harness/moto.js";
import { virtualClock } from "./clock.js";

const region = "eu-west-1";
let endpoint: string;
let aws: Call;
let vpcId: string;
let close: () => Promise<void>;

beforeAll(async () => {
  const models = modelsBeside(await ensureMoto());
  const moto = await startMoto();
  const account = "123456789012";
  const front = await startAwsWithEks({ target: moto.endpoint, models, region, account, endpointOf: () => undefined });
  endpoint = front.endpoint;
  aws = createAws({ endpoint, region, models });
  vpcId = ((await aws("ec2", "CreateVpc", { CidrBlock: "10.0.0.0/16" })).Vpc as { VpcId: string }).VpcId;
  close = async () => {
    await front.close();
    await moto.stop();
  };
});
afterAll(() => close());

const find = (type: string, inputs: Record<string, unknown>) =>
  findMadeResource({ region, endpoint }, virtualClock(), { type, inputs });

/** By type: inputs of one that isn't there yet, and what makes it and says its id. */
const cases: { type: string; inputs: () => Record<string, unknown>; make: () => Promise<unknown> }[] = [
  {
    type: "aws:ec2/launchTemplate:LaunchTemplate",
    inputs: () => ({ name: "nodes-0123456" }),
    async make() {
      const LaunchTemplateData = {
        TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "a", Value: "b" }] }],
      };
      const made = await aws("ec2", "CreateLaunchTemplate", {
        LaunchTemplateName: "nodes-0123456",
        LaunchTemplateData,
      });
      return (made.LaunchTemplate as { LaunchTemplateId: string }).LaunchTemplateId;
    },
  },
  {
    type: "aws:ec2/securityGroup:SecurityGroup",
    inputs: () => ({ name: "syslog-0123456", vpcId }),
    async make() {
      const params = { GroupName: "syslog-0123456", Description: "syslog", VpcId: vpcId };
      return (await aws("ec2", "CreateSecurityGroup", params)).GroupId;
    },
  },
  {
    type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    inputs: () => ({
      securityGroupId: groupId,
      ipProtocol: "udp",
      fromPort: 514,
      toPort: 514,
      cidrIpv4: "203.0.113.0/24",
    }),
    async make() {
      const rule = (CidrIp: string) => ({ IpProtocol: "udp", FromPort: 514, ToPort: 514, IpRanges: [{ CidrIp }] });
      const allow = async (range: string) => {
        const made = await aws("ec2", "AuthorizeSecurityGroupIngress", {
          GroupId: groupId,
          IpPermissions: [rule(range)],
        });
        return (made.SecurityGroupRules as { SecurityGroupRuleId: string }[])[0]?.SecurityGroupRuleId;
      };
      await allow("198.51.100.0/24");
      return allow("203.0.113.0/24");
    },
  },
  {
    type: "aws:eks/podIdentityAssociation:PodIdentityAssociation",
    inputs: () => ({ clusterName: "c-1-35", namespace: "shop", serviceAccount: "orders" }),
    async make() {
      const roleArn = "arn:aws:iam::123456789012:role/orders";
      const params = { clusterName: "c-1-35", namespace: "shop", serviceAccount: "orders", roleArn };
      const made = await aws("eks", "CreatePodIdentityAssociation", params);
      return `c-1-35,${(made.association as { associationId: string }).associationId}`;
    },
  },
  {
    type: "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    inputs: () => ({ url: "https://oidc.eks.eu-west-1.amazonaws.com/id/ONE" }),
    async make() {
      const params = { Url: "https://oidc.eks.eu-west-1.amazonaws.com/id/ONE", ClientIDList: ["sts.amazonaws.com"] };
      return (await aws("iam", "CreateOpenIDConnectProvider", params)).OpenIDConnectProviderArn;
    },
  },
];
let groupId = "";

describe("findMadeResource", () => {
  beforeAll(async () => {
    const place = { VpcId: vpcId, CidrBlock: "10.0.0.0/24", AvailabilityZone: "eu-west-1a" };
    const { Subnet } = (await aws("ec2", "CreateSubnet", place)) as { Subnet: { SubnetId: string } };
    const roleArn = "arn:aws:iam::123456789012:role/eks";
    await aws("eks", "CreateCluster", {
      name: "c-1-35",
      roleArn,
      resourcesVpcConfig: { subnetIds: [Subnet.SubnetId] },
    });
    const other = { GroupName: "other", Description: "other", VpcId: vpcId };
    groupId = String((await aws("ec2", "CreateSecurityGroup", other)).GroupId);
  });

  it.each(cases)("finds $type by its inputs, and not before it is there", async ({ type, inputs, make }) => {
    expect(await find(type, inputs())).toBe("absent");
    const id = await make();
    expect(await find(type, inputs())).toEqual({ id });
  });

  it("knows nothing of other types", async () => {
    expect(await find("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" })).toBe("unknown");
  });
});
