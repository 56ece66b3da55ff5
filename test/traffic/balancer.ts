import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Elbv2Api } from "../../src/aws/elbv2-api.js";
import { canonicalJson } from "../../src/model/canonical.js";
import type { ListenerAction, LoadBalancerTarget } from "../../src/model/load-balancer.js";

/** Where in the emulator a load balancer stands. */
export interface BalancerPlace {
  endpoint: string;
  region: string;
  vpcId: string;
  /** Ids, of two availability zones. */
  subnets: string[];
}

export interface Balancer {
  listenerArn: string;
  /** In order of their priorities: 10, 20, … */
  ruleArns: string[];
  /** Three of blue's, and green's. */
  groups: string[];
  /** A target group that speaks another protocol. */
  other: string;
  sdk: ElasticLoadBalancingV2Client;
}

/** A load balancer of that name that forwards all from port 80 to blue's first target group, with so many rules that do the same. */
export async function createBalancer(
  { endpoint, region, vpcId, subnets }: BalancerPlace,
  name: string,
  rules = 1,
): Promise<Balancer> {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const sdk = new ElasticLoadBalancingV2Client({ endpoint, region, credentials });
  const group = async (label: string, Protocol: "HTTP" | "HTTPS" = "HTTP") => {
    const spec = { Name: `${label}-${name}`, Protocol, Port: 80, VpcId: vpcId };
    return (await sdk.send(new CreateTargetGroupCommand(spec))).TargetGroups?.[0]?.TargetGroupArn ?? "";
  };
  const groups = [await group("blue-1"), await group("blue-2"), await group("blue-3"), await group("green")];
  const { LoadBalancers } = await sdk.send(new CreateLoadBalancerCommand({ Name: name, Subnets: subnets }));
  const forward = [{ Type: "forward" as const, TargetGroupArn: groups[0] }];
  const { Listeners } = await sdk.send(
    new CreateListenerCommand({
      LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
      Protocol: "HTTP",
      Port: 80,
      DefaultActions: forward,
    }),
  );
  const listenerArn = Listeners?.[0]?.ListenerArn ?? "";
  const ruleArns: string[] = [];
  for (let index = 1; index <= rules; index++) {
    const { Rules } = await sdk.send(
      new CreateRuleCommand({
        ListenerArn: listenerArn,
        Priority: 10 * index,
        Conditions: [{ Field: "path-pattern", Values: [`/api-${index}/*`] }],
        Actions: forward,
      }),
    );
    ruleArns.push(Rules?.[0]?.RuleArn ?? "");
  }
  return { listenerArn, ruleArns, groups, other: await group("other", "HTTPS"), sdk };
}

/** A listener's default action, and its rules, as targets of a world. */
export interface WorldBalancer {
  targets: LoadBalancerTarget[];
  /** Everything that the listener does, as AWS lists it. */
  rules(): Promise<{ arn: string; actions: ListenerAction[] }[]>;
  /** Makes all as it was in the beginning. */
  reset(): Promise<void>;
}

/**
 * @param weights of blue's groups by place: the listener's default action first, then its rules; one weight is a forward to one
 *   group, without weights
 */
export async function createWorldBalancer(
  place: BalancerPlace,
  name: string,
  weights: readonly (readonly number[])[],
  elbv2: Elbv2Api,
): Promise<WorldBalancer> {
  if (weights.length === 0) return { targets: [], rules: async () => [], reset: async () => {} };
  const { listenerArn, ruleArns, groups } = await createBalancer(place, name, weights.length - 1);
  const greenTargetGroup = groups.at(-1) ?? "";
  const targets = weights.map((_, index): LoadBalancerTarget => {
    const ruleArn = ruleArns[index - 1];
    return { kind: "load-balancer", listenerArn, ...(ruleArn && { ruleArn }), greenTargetGroup, requireHealthy: false };
  });
  const actionsOf = async ({ ruleArn }: LoadBalancerTarget) =>
    (await (ruleArn ? elbv2.rules({ ruleArn }) : elbv2.listeners({ listenerArn })))[0]?.actions ?? [];
  const write = ({ ruleArn }: LoadBalancerTarget, actions: ListenerAction[]) =>
    ruleArn ? elbv2.modifyRule(ruleArn, actions) : elbv2.modifyListener(listenerArn, actions);
  for (const [index, target] of targets.entries()) {
    const TargetGroups = (weights[index] ?? []).map((Weight, of) => ({ TargetGroupArn: groups[of] ?? "", Weight }));
    if (TargetGroups.length > 1) await write(target, [{ Type: "forward", ForwardConfig: { TargetGroups } }]);
  }
  const original: ListenerAction[][] = [];
  for (const target of targets) original.push(await actionsOf(target));
  return {
    targets,
    rules: async () => (await elbv2.rules({ listenerArn })).map(({ arn, actions }) => ({ arn, actions })),
    async reset() {
      for (const [index, target] of targets.entries()) {
        const wanted = original[index] ?? [];
        if (canonicalJson(await actionsOf(target)) !== canonicalJson(wanted)) await write(target, wanted);
      }
    },
  };
}
