import type { Elbv2Api } from "../../../aws/elbv2-api.js";
import type { Clock } from "../../../model/clock.js";
import { UserError } from "../../../model/errors.js";
import type { ListenerAction } from "../../../model/load-balancer.js";
import type { TrafficTarget } from "../target.js";
import { describeActions, sameActions } from "./actions.js";
import type { RecordedLoadBalancer } from "./recorded.js";

/** The API may show what was before for a moment. */
const looks = 10;
const betweenLooksMs = 500;

type Place = Pick<RecordedLoadBalancer, "key" | "listenerArn" | "ruleArn">;

/** A rule, or a listener's default. Its state is all of its actions. */
export function loadBalancerListener(
  { key, listenerArn, ruleArn }: Place,
  { elbv2, clock }: { elbv2: Elbv2Api; clock: Clock },
): TrafficTarget<ListenerAction[]> {
  const observe = () => liveActions({ listenerArn, ...(ruleArn && { ruleArn }) }, elbv2);
  return {
    key,
    observe,
    same: sameActions,
    describe: (actions) => [`${key.replace("load-balancer:", "")}: ${describeActions(actions)}`],
    async move(_from, to) {
      await (ruleArn ? elbv2.modifyRule(ruleArn, to) : elbv2.modifyListener(listenerArn, to));
      return undefined;
    },
    async settle(to, _changeId, signal) {
      for (let look = 1; ; look++) {
        const live = await observe();
        if (sameActions(live, to) || look === looks) return live;
        await clock.sleep(betweenLooksMs, signal);
      }
    },
  };
}

/** @throws UserError `drifted` where the rule or the listener is gone */
export async function liveActions(
  { listenerArn, ruleArn }: Omit<Place, "key">,
  elbv2: Elbv2Api,
): Promise<ListenerAction[]> {
  try {
    const [found] = await (ruleArn ? elbv2.rules({ ruleArn }) : elbv2.listeners({ listenerArn }));
    if (found) return found.actions;
  } catch (error) {
    const cause = error instanceof UserError ? error.cause : error;
    if (!(cause instanceof Error && /^(Rule|Listener)NotFound/.test(cause.name))) throw error;
  }
  throw new UserError({
    code: "drifted",
    what: `${ruleArn ? `The rule ${ruleArn}` : `The listener ${listenerArn}`} is gone: somebody deleted it.`,
    fix: "Find out who did and why. A new one has another ARN: name it in clustershift.yaml.",
  });
}
