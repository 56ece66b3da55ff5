import type { Elbv2Api } from "../../../aws/elbv2-api.js";
import type { Config } from "../../../config/schema.js";
import { UserError } from "../../../model/errors.js";
import type { LoadBalancerTarget } from "../../../model/load-balancer.js";

type Wanted = Config["traffic"]["loadBalancers"][number];

/**
 * The configured listeners and rules by their ARNs, each with the ARN of green's target group.
 *
 * @param outputs green's stack outputs: a target group may be named by one of them
 * @throws UserError `config-invalid` where there is no such listener, rule or target group
 */
export async function loadBalancerTargets(
  wanted: readonly Wanted[],
  outputs: Readonly<Record<string, string>>,
  elbv2: Elbv2Api,
): Promise<LoadBalancerTarget[]> {
  const targets: LoadBalancerTarget[] = [];
  for (const { listener, rule, green, unhealthy } of wanted) {
    const place = await placeOf(listener, rule, elbv2);
    const greenTargetGroup = await groupArn(green, outputs, elbv2);
    targets.push({ kind: "load-balancer", ...place, greenTargetGroup, requireHealthy: unhealthy === "refuse" });
  }
  return targets;
}

/** By ARN, or by where it listens; a rule by its priority too. Writes nothing. */
export async function placeOf(
  listener: Wanted["listener"],
  rule: Wanted["rule"],
  elbv2: Elbv2Api,
): Promise<Pick<LoadBalancerTarget, "listenerArn" | "ruleArn">> {
  const listenerArn = typeof listener === "string" ? listener : await listenerAt(listener, elbv2);
  if (rule === "default") return { listenerArn };
  if (typeof rule === "string") return { listenerArn, ruleArn: rule };
  const found = (await elbv2.rules({ listenerArn })).find(({ priority }) => priority === String(rule));
  if (!found) throw trouble(`${listenerArn} has no rule of priority ${rule}.`);
  return { listenerArn, ruleArn: found.arn };
}

async function listenerAt(
  { loadBalancer, port }: { loadBalancer: string; port: number },
  elbv2: Elbv2Api,
): Promise<string> {
  const { arn } = await elbv2.loadBalancer(loadBalancer);
  const found = (await elbv2.listeners({ loadBalancerArn: arn })).filter((each) => each.port === port);
  const [only] = found;
  if (only && found.length === 1) return only.arn;
  // A network load balancer may listen on a port by TCP and, apart from that, by UDP.
  throw trouble(`${loadBalancer} has ${found.length === 0 ? "no" : "several"} listeners on port ${port}: give an ARN.`);
}

async function groupArn(
  green: Wanted["green"],
  outputs: Readonly<Record<string, string>>,
  elbv2: Elbv2Api,
): Promise<string> {
  const given = "targetGroup" in green ? green.targetGroup : outputs[green.address];
  if (given === undefined) {
    throw trouble(`Green's stack has no output that names a target group as ${Object.values(green).join()}.`);
  }
  if (given.startsWith("arn:")) return given;
  const [group] = await elbv2.targetGroups({ name: given });
  if (!group) throw trouble(`There is no target group ${given}.`);
  return group.arn;
}

function trouble(what: string): UserError {
  return new UserError({ code: "config-invalid", what, fix: "Mend traffic.loadBalancers in clustershift.yaml." });
}
