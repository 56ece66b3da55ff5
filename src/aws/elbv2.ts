import {
  type Action,
  AddTagsCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
  ModifyRuleCommand,
  RemoveTagsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ListenerAction } from "../model/load-balancer.js";
import type { Call } from "./call.js";
import type { Elbv2Api } from "./elbv2-api.js";
import { allPages } from "./pages.js";

export function createElbv2(client: ElasticLoadBalancingV2Client, call: Call): Elbv2Api {
  return {
    async loadBalancer(name) {
      const { LoadBalancers = [] } = await call({ action: "DescribeLoadBalancers", resource: name }, () =>
        client.send(new DescribeLoadBalancersCommand({ Names: [name] })),
      );
      return { arn: LoadBalancers[0]?.LoadBalancerArn ?? "", type: LoadBalancers[0]?.Type ?? "" };
    },

    async listeners(wanted) {
      const input =
        "listenerArn" in wanted ? { ListenerArns: [wanted.listenerArn] } : { LoadBalancerArn: wanted.loadBalancerArn };
      const resource = "listenerArn" in wanted ? wanted.listenerArn : wanted.loadBalancerArn;
      const listeners = await allPages(
        (Marker) =>
          call({ action: "DescribeListeners", resource }, () =>
            client.send(new DescribeListenersCommand({ ...input, Marker })),
          ),
        ({ Listeners, NextMarker }) => ({ items: Listeners, next: NextMarker }),
      );
      return listeners.map(({ ListenerArn = "", LoadBalancerArn = "", Port, DefaultActions = [] }) => ({
        arn: ListenerArn,
        loadBalancerArn: LoadBalancerArn,
        ...(Port !== undefined && { port: Port }),
        actions: DefaultActions.map(actionOf),
      }));
    },

    async rules(wanted) {
      const input = "ruleArn" in wanted ? { RuleArns: [wanted.ruleArn] } : { ListenerArn: wanted.listenerArn };
      const resource = "ruleArn" in wanted ? wanted.ruleArn : wanted.listenerArn;
      const rules = await allPages(
        (Marker) =>
          call({ action: "DescribeRules", resource }, () =>
            client.send(new DescribeRulesCommand({ ...input, Marker })),
          ),
        ({ Rules, NextMarker }) => ({ items: Rules, next: NextMarker }),
      );
      return rules.map(({ RuleArn = "", Priority = "", IsDefault = false, Actions = [] }) => {
        return { arn: RuleArn, priority: Priority, default: IsDefault, actions: Actions.map(actionOf) };
      });
    },

    async targetGroups(wanted) {
      const input = "name" in wanted ? { Names: [wanted.name] } : { TargetGroupArns: wanted.arns };
      const { TargetGroups = [] } = await call(
        { action: "DescribeTargetGroups", resource: "name" in wanted ? wanted.name : wanted.arns.join(", ") },
        () => client.send(new DescribeTargetGroupsCommand(input)),
      );
      return TargetGroups.map((group) => ({
        arn: group.TargetGroupArn ?? "",
        name: group.TargetGroupName ?? "",
        ...(group.Protocol && { protocol: group.Protocol }),
        ...(group.VpcId && { vpcId: group.VpcId }),
        loadBalancerArns: group.LoadBalancerArns ?? [],
      }));
    },

    async targetHealth(targetGroupArn) {
      const { TargetHealthDescriptions = [] } = await call(
        { action: "DescribeTargetHealth", resource: targetGroupArn },
        () => client.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn })),
      );
      const states: Record<string, number> = {};
      for (const { TargetHealth } of TargetHealthDescriptions) {
        const state = TargetHealth?.State ?? "unknown";
        states[state] = (states[state] ?? 0) + 1;
      }
      return states;
    },

    async modifyRule(ruleArn, actions) {
      await call({ action: "ModifyRule", resource: ruleArn, idempotent: false }, () =>
        client.send(new ModifyRuleCommand({ RuleArn: ruleArn, Actions: actions.map(writable) })),
      );
    },

    async modifyListener(listenerArn, actions) {
      await call({ action: "ModifyListener", resource: listenerArn, idempotent: false }, () =>
        client.send(new ModifyListenerCommand({ ListenerArn: listenerArn, DefaultActions: actions.map(writable) })),
      );
    },

    async tagsOf(arns, key) {
      const found = new Map<string, string>();
      for (const ResourceArns of batches(arns)) {
        const { TagDescriptions = [] } = await call({ action: "DescribeTags", resource: ResourceArns.join(", ") }, () =>
          client.send(new DescribeTagsCommand({ ResourceArns })),
        );
        for (const { ResourceArn = "", Tags = [] } of TagDescriptions) {
          const tag = Tags.find(({ Key }) => Key === key);
          if (tag) found.set(ResourceArn, tag.Value ?? "");
        }
      }
      return found;
    },

    async tag(arn, Key, Value) {
      await call({ action: "AddTags", resource: arn, idempotent: false }, () =>
        client.send(new AddTagsCommand({ ResourceArns: [arn], Tags: [{ Key, Value }] })),
      );
    },

    async untag(arns, key) {
      for (const ResourceArns of batches(arns)) {
        await call({ action: "RemoveTags", resource: ResourceArns.join(", "), idempotent: false }, () =>
          client.send(new RemoveTagsCommand({ ResourceArns, TagKeys: [key] })),
        );
      }
    },
  };
}

/** AWS takes at most 20 resources in one call about tags. */
function batches(arns: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(arns.length / 20) }, (_, index) => arns.slice(20 * index, 20 * (index + 1)));
}

/** Without what the SDK leaves undefined, and without an identity provider's secret, which an emulator may show. */
function actionOf(action: Action): ListenerAction {
  const plain = JSON.parse(JSON.stringify(action)) as ListenerAction & { AuthenticateOidcConfig?: object };
  if (!plain.AuthenticateOidcConfig) return plain;
  const { ClientSecret: _, ...config } = plain.AuthenticateOidcConfig as { ClientSecret?: string };
  return { ...plain, AuthenticateOidcConfig: config };
}

/** AWS never shows an identity provider's secret, and must be told to go on with the one it has. */
function writable(action: ListenerAction): Action {
  const oidc = action.AuthenticateOidcConfig;
  const config = oidc ? { AuthenticateOidcConfig: { ...oidc, UseExistingClientSecret: true } } : {};
  return { ...action, ...config } as unknown as Action;
}
