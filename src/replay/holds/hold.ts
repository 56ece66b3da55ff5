import type { HoldEnd } from "../../model/held.js";
import { type KubeObject, kindKey, refOf } from "../../model/objects.js";
import type { Change, ChangeContext } from "../changes/change.js";
import { quiet, quietWays } from "./quiet.js";

/** What keeps some objects of green from acting, and for how long. */
export interface Hold {
  /** Stable, kebab-case, documented; a team's own are named by it. */
  id: string;
  /** One sentence: why. */
  reason: string;
  until: HoldEnd;
  /** `Kind.group` of what it looks at; absent for everything that runs. */
  kinds?: readonly string[];
  applies(object: KubeObject, context: ChangeContext): boolean;
}

const everythingThatRuns = [...Object.keys(quietWays), "Pod"];

/** A hold as a step on each object's way. What doesn't act on blue either (0 replicas, suspended) isn't held. */
export function asChange({ id, reason, until, kinds, applies }: Hold, spared: (object: KubeObject) => boolean): Change {
  return {
    id,
    stage: "hold",
    reason,
    kinds: kinds ?? everythingThatRuns,
    change(object, context) {
      if (!applies(object, context) || spared(object)) return undefined;
      if (kindKey(refOf(object)) === "Pod") return { object, remarks: [podRuns(id)] };
      const quieted = quiet(object);
      if (!quieted) return undefined;
      const { object: held, ...field } = quieted;
      return { object: held, held: { hold: id, until, ...field } };
    },
  };
}

/** A Pod of its own has no number and no switch. */
function podRuns(hold: string) {
  return {
    id: "pod-not-held",
    severity: "warning",
    why: `The hold "${hold}" selects it, but a Pod without a controller can't be kept from running: it starts on green at once.`,
    whatToDo: "Leave it behind by a rule under replay.skip, and start it on green by hand after the cutover.",
  } as const;
}
