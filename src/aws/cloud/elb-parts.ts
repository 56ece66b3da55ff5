import {
  DescribeTagsCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Call } from "../call.js";
import { chunksOf } from "../pages.js";
import { tagsOf } from "../tags.js";

/** AWS takes at most 20 resources in one call about tags. */
export const mostTagged = 20;

/** The tags of these load balancers or target groups, by ARN. */
export async function elbTags(
  client: ElasticLoadBalancingV2Client,
  call: Call,
  arns: readonly string[],
): Promise<Map<string, Record<string, string>>> {
  const found = new Map<string, Record<string, string>>();
  for (const ResourceArns of chunksOf(arns, mostTagged)) {
    const { TagDescriptions = [] } = await call({ action: "DescribeTags", resource: ResourceArns.join(", ") }, () =>
      client.send(new DescribeTagsCommand({ ResourceArns })),
    );
    for (const { ResourceArn = "", Tags } of TagDescriptions) found.set(ResourceArn, tagsOf(Tags));
  }
  return found;
}

/** Where a target group sends traffic: instances, addresses, functions or load balancers, and whether each answers. */
export async function targetsOf(
  client: ElasticLoadBalancingV2Client,
  call: Call,
  targetGroupArn: string,
): Promise<{ id: string; healthy: boolean }[]> {
  const { TargetHealthDescriptions = [] } = await call(
    { action: "DescribeTargetHealth", resource: targetGroupArn },
    () => client.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn })),
  );
  return TargetHealthDescriptions.map(({ Target, TargetHealth }) => ({
    id: Target?.Id ?? "",
    healthy: TargetHealth?.State === "healthy",
  }));
}
