import type { AwsApi } from "../../aws/api.js";
import type { CloudWatch } from "../../aws/cloudwatch.js";
import type { KubeReader } from "../../kube/api.js";
import type { Clock } from "../../model/clock.js";
import { UserError } from "../../model/errors.js";
import type { DnsRegistry } from "../../model/external-dns.js";
import type { GreenRecord } from "../../model/run.js";
import type { Target } from "../../model/traffic.js";
import { addressTargets } from "../../traffic/targets/elastic-ip/resolve.js";
import { loadBalancerTargets } from "../../traffic/targets/load-balancer/resolve.js";
import { dnsTargets } from "../../traffic/targets/route53/resolve.js";
import type { BlueNow } from "./blue-now.js";
import type { Context } from "./command.js";
import { listNodes, nodeInstances } from "./nodes.js";
import { type Project, requireAws } from "./project.js";

export function clockOf({ edges }: Context): Clock {
  return { now: () => edges.now().getTime(), sleep: edges.sleep };
}

/** AWS by the configuration's `aws`; traffic can't be moved without. */
export async function awsOf(project: Project, context: Context): Promise<AwsApi & { close(): void }> {
  const aws = requireAws(
    project,
    "so there is no traffic that could be moved",
    "Set aws.region, and name records or addresses under traffic.",
  );
  // The SDK takes half a second to load, and most commands have no use for it.
  const { awsClients } = await import("../../aws/clients.js");
  return awsClients(aws, { clock: clockOf(context), random: context.edges.random });
}

/** Opens CloudWatch in a region, or in the configuration's. */
export function cloudWatchOf({ config }: Project, context: Context) {
  return async (region = config.aws?.region): Promise<CloudWatch> => {
    if (region === undefined) throw new Error("neither it nor aws has a region");
    const { openCloudWatch } = await import("../../aws/cloudwatch.js");
    return openCloudWatch({ ...config.aws, region }, { clock: clockOf(context), random: context.edges.random });
  };
}

/**
 * Everything that a cutover moves, resolved against AWS and both clusters' nodes. `registry`: as a look just now has shown it.
 *
 * @throws UserError `config-invalid` where a target isn't there, or nothing says which nodes a dead blue has
 */
export async function resolveTargets(
  project: Project,
  aws: AwsApi,
  green: { record: GreenRecord; kube: KubeReader },
  blue: BlueNow,
  registry?: DnsRegistry,
): Promise<Target[]> {
  const { route53, loadBalancers, elasticIps, manual } = project.config.traffic;
  const named = await dnsTargets(route53, green.record.addresses, aws.route53);
  const dns = named.map((target) => ({ ...target, ...(registry && { registry }) }));
  const weighted = await loadBalancerTargets(loadBalancers, green.record.addresses, aws.elbv2);
  const byHand = manual.map((task): Target => ({ kind: "manual", ...task }));
  if (elasticIps.length === 0) return [...dns, ...weighted, ...byHand];
  const bluesNodes = await listNodes(blue);
  if (blue.dead !== undefined && bluesNodes.length === 0) throw noNodes();
  const nodes = { blue: nodeInstances(bluesNodes), green: nodeInstances(await listNodes(green.kube)) };
  return [...dns, ...weighted, ...(await addressTargets(elasticIps, nodes, aws.ec2)), ...byHand];
}

function noNodes(): UserError {
  return new UserError({
    code: "config-invalid",
    what: "Blue is dead, and its bundle has no Nodes: nothing says on which instances its groups of traffic.elasticIps were.",
    fix: "Export from an archive that has blue's Nodes, beside what there is: clustershift export --from ARCHIVE --from nodes.yaml. Or take the group out of traffic.elasticIps, and have its addresses moved by hand: traffic.manual.",
  });
}
