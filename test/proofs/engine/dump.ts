import type { Params } from "../../harness/aws-api/check.js";
import type { Call } from "../../harness/aws-api/client.js";
import { loadModel, type Model, shapeOf } from "../../harness/aws-api/model.js";
import { AwsError } from "../../harness/aws-api/read-answer.js";

/** Everything that an AWS says of itself: one line for each thing, sorted. Two dumps of an unchanged AWS are equal. */
export type Dump = string[];

/** Services that stacks use, and those whose things controllers of a cluster would make. */
const allServices = ["autoscaling", "ec2", "eks", "elb", "elbv2", "iam", "kms", "logs", "route53", "s3"];

/** What is the same for every account, and long. */
const catalogues =
  /^(DescribeAvailabilityZones|DescribeImages|DescribeInstanceType|DescribeManagedPrefixLists|DescribePrefixLists|DescribeRegions|DescribeReserved|DescribeSpotPrice|DescribeVpcEndpointServices|DescribeAddonVersions|DescribeAddonConfiguration|DescribeClusterVersions|DescribeSSLPolicies|DescribeLoadBalancerPolic|GetAccountAuthorizationDetails|GetAccountSummary|GetChange$|GetUser$|ListGeoLocations|DescribeAdjustmentTypes|DescribeScalingProcessTypes|DescribeMetricCollectionTypes|DescribeTerminationPolicyTypes|DescribeAutoScalingNotificationTypes|DescribeLifecycleHookTypes)/;

/** Answers with a count of what AWS itself brings along. */
const onlyOurs: Record<string, Params> = { ListPolicies: { Scope: "Local" } };

/** Where the names come from that other questions ask for: by service, the answer's list and the member in it. */
const names: Record<string, [parameter: string, list: string, member: string | undefined][]> = {
  eks: [
    ["name", "clusters", undefined],
    ["clusterName", "clusters", undefined],
    ["nodegroupName", "nodegroups", undefined],
    ["addonName", "addons", undefined],
    ["principalArn", "accessEntries", undefined],
    ["associationId", "associations", "associationId"],
  ],
  iam: [
    ["RoleName", "Roles", "RoleName"],
    ["PolicyName", "PolicyNames", undefined],
    ["PolicyArn", "Policies", "Arn"],
    ["OpenIDConnectProviderArn", "OpenIDConnectProviderList", "Arn"],
  ],
  kms: [["KeyId", "Keys", "KeyId"]],
  logs: [
    ["logGroupName", "logGroups", "logGroupName"],
    ["resourceArn", "logGroups", "logGroupArn"],
  ],
  route53: [
    ["Id", "HostedZones", "Id"],
    ["HostedZoneId", "HostedZones", "Id"],
  ],
  s3: [["Bucket", "Buckets", "Name"]],
  ec2: [["LaunchTemplateId", "LaunchTemplates", "LaunchTemplateId"]],
};

/** Optional in the model, and asked for all the same. */
const alsoNeeds: Record<string, string[]> = { DescribeLaunchTemplateVersions: ["LaunchTemplateId"] };

/** A reader of whole AWSs, or of some of its services. `models`: folder of botocore's service models. */
export function createDumper(models: string, services: readonly string[] = allServices): (aws: Call) => Promise<Dump> {
  // Questions that the emulator doesn't know are the same ones each time.
  const unknown = new Set<string>();
  const questions = services.flatMap((service) => questionsOf(service, loadModel(models, service)));

  return async (aws) => {
    const lines: string[] = [];
    /** Asks what can be asked with these values, and of those only what needs `fresh`; then again with each name that is told. */
    async function ask(service: string, known: Params, fresh: string | undefined): Promise<void> {
      const told = new Map<string, Params>();
      for (const { name, needs } of questions.filter(
        (each) => each.service === service && isAskable(each, known, fresh),
      )) {
        if (unknown.has(`${service} ${name}`)) continue;
        const params = { ...onlyOurs[name], ...Object.fromEntries(needs.map((need) => [need, known[need]])) };
        const answer: Params = await aws(service, name, params).catch((error: unknown) => {
          if (!(error instanceof AwsError)) throw error;
          if (error.status >= 500 || error.status === 404) unknown.add(`${service} ${name}`);
          return {};
        });
        if (answer.IsTruncated === true) throw new Error(`${service} ${name} has more than a page`);
        for (const [key, value] of Object.entries(answer)) {
          for (const each of [value].flat())
            lines.push(`${service} ${name} ${JSON.stringify(params)} ${key} ${JSON.stringify(each)}`);
          for (const [parameter, list, member] of names[service] ?? []) {
            if (list !== key || known[parameter] !== undefined) continue;
            for (const each of [value ?? []].flat()) {
              const found = String(member ? (each as Params)[member] : each).replace(/^\/hostedzone\//, "");
              told.set(`${parameter} ${found}`, { [parameter]: found });
            }
          }
        }
      }
      for (const found of told.values()) await ask(service, { ...known, ...found }, Object.keys(found)[0]);
    }
    for (const service of services) await ask(service, {}, undefined);
    return withoutDead(lines).sort();
  };
}

/** The emulator lists tags of what was deleted; AWS doesn't. What is there is told of elsewhere too. */
function withoutDead(lines: string[]): string[] {
  const others = lines.filter((line) => !line.startsWith("ec2 DescribeTags ")).join("\n");
  return lines.filter((line) => {
    const tagged = /^ec2 DescribeTags .*"ResourceId":"([^"]+)"/.exec(line)?.[1];
    return tagged === undefined || others.includes(tagged);
  });
}

interface Question {
  service: string;
  name: string;
  needs: string[];
}

/** Every operation that only reads. */
function questionsOf(service: string, model: Model): Question[] {
  return Object.entries(model.operations)
    .filter(([name]) => /^(Describe|List|Get)/.test(name) && !catalogues.test(name))
    .map(([name, { input }]) => {
      const required = input ? (shapeOf(model, input).required ?? []) : [];
      return { service, name, needs: [...required, ...(alsoNeeds[name] ?? [])] };
    });
}

function isAskable({ needs }: Question, known: Params, fresh: string | undefined): boolean {
  return needs.every((need) => known[need] !== undefined) && (fresh === undefined || needs.includes(fresh));
}
