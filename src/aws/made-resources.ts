import {
  DescribeLaunchTemplatesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { EKSClient, ListPodIdentityAssociationsCommand } from "@aws-sdk/client-eks";
import { IAMClient, ListOpenIDConnectProvidersCommand } from "@aws-sdk/client-iam";
import type { Clock } from "../model/clock.js";
import { type Call, createCall } from "./call.js";
import { type AwsSettings, clientSettings } from "./settings.js";

/** A resource of a stack: Pulumi's type and inputs. */
export interface WantedResource {
  type: string;
  inputs: Record<string, unknown>;
}

interface Clients {
  ec2: EC2Client;
  eks: EKSClient;
  iam: IAMClient;
  call: Call;
}

type Find = (clients: Clients, inputs: Record<string, string>) => Promise<(string | undefined)[]>;

/** By type: ids, as `pulumi import` takes them, of what has these inputs. Only types of which AWS chooses the id. */
const finders: Record<string, Find> = {
  async "aws:ec2/launchTemplate:LaunchTemplate"({ ec2, call }, { name = "" }) {
    const Filters = [{ Name: "launch-template-name", Values: [name] }];
    const { LaunchTemplates = [] } = await call({ action: "DescribeLaunchTemplates", resource: name }, () =>
      ec2.send(new DescribeLaunchTemplatesCommand({ Filters })),
    );
    return LaunchTemplates.map(({ LaunchTemplateId }) => LaunchTemplateId);
  },
  async "aws:ec2/securityGroup:SecurityGroup"({ ec2, call }, { name = "", vpcId = "" }) {
    const Filters = [
      { Name: "group-name", Values: [name] },
      { Name: "vpc-id", Values: [vpcId] },
    ];
    const { SecurityGroups = [] } = await call({ action: "DescribeSecurityGroups", resource: name }, () =>
      ec2.send(new DescribeSecurityGroupsCommand({ Filters })),
    );
    return SecurityGroups.map(({ GroupId }) => GroupId);
  },
  async "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"({ ec2, call }, inputs) {
    const { securityGroupId = "", ipProtocol, fromPort, toPort, cidrIpv4 } = inputs;
    const Filters = [{ Name: "group-id", Values: [securityGroupId] }];
    const { SecurityGroupRules = [] } = await call(
      { action: "DescribeSecurityGroupRules", resource: securityGroupId },
      () => ec2.send(new DescribeSecurityGroupRulesCommand({ Filters })),
    );
    return SecurityGroupRules.filter(
      (rule) =>
        rule.IsEgress !== true &&
        rule.IpProtocol === ipProtocol &&
        rule.FromPort === Number(fromPort) &&
        rule.ToPort === Number(toPort) &&
        rule.CidrIpv4 === cidrIpv4,
    ).map(({ SecurityGroupRuleId }) => SecurityGroupRuleId);
  },
  async "aws:eks/podIdentityAssociation:PodIdentityAssociation"({ eks, call }, inputs) {
    const { clusterName = "", namespace = "", serviceAccount = "" } = inputs;
    const resource = `${clusterName} ${namespace}/${serviceAccount}`;
    const { associations = [] } = await call({ action: "ListPodIdentityAssociations", resource }, () =>
      eks.send(new ListPodIdentityAssociationsCommand({ clusterName, namespace, serviceAccount })),
    );
    return associations.map(({ associationId }) => `${clusterName},${associationId}`);
  },
  async "aws:iam/openIdConnectProvider:OpenIdConnectProvider"({ iam, call }, { url = "" }) {
    const { OpenIDConnectProviderList = [] } = await call({ action: "ListOpenIDConnectProviders", resource: url }, () =>
      iam.send(new ListOpenIDConnectProvidersCommand({})),
    );
    const host = url.replace(/^https:\/\//, "");
    return OpenIDConnectProviderList.map(({ Arn }) => Arn).filter((arn) => arn?.endsWith(`:oidc-provider/${host}`));
  },
};

/**
 * Looks in AWS whether a resource was made, of which a killed engine can't say it: its id, `absent`, or `unknown` for a type
 * that nobody can look for. Throws UserError `aws-failed`.
 */
export async function findMadeResource(
  aws: AwsSettings,
  clock: Clock,
  { type, inputs }: WantedResource,
): Promise<{ id: string } | "absent" | "unknown"> {
  const find = finders[type];
  if (!find) return "unknown";
  const settings = clientSettings(aws);
  const [ec2, eks, iam] = [new EC2Client(settings), new EKSClient(settings), new IAMClient(settings)];
  const { call } = createCall({ clock, now: () => performance.now(), random: Math.random });
  try {
    const [id, other] = await find({ ec2, eks, iam, call }, inputs as Record<string, string>);
    // Two alike: which one was made can't be told.
    if (other !== undefined) return "unknown";
    return id === undefined ? "absent" : { id };
  } finally {
    for (const client of [ec2, eks, iam]) client.destroy();
  }
}
