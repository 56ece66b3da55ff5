import { formatDuration } from "../../model/duration.js";
import { messageOf } from "../../model/errors.js";
import type { Plan } from "../../model/plan.js";
import { type MaintenanceWindow, type WindowState, windowAt } from "../../model/window.js";
import type { Evidence } from "../evidence.js";
import { wayBackTime } from "../way-back-time.js";
import { type Gate, type Refusal, refuse } from "./gate.js";

/** Now is a time that was agreed on, and there is enough of it. */
export const windowGates = {
  insideWindow: {
    id: "outside-window",
    check: ({ plan, now }) => {
      if (!plan?.window) return undefined;
      const state = stateOf(plan.window, now);
      if ("what" in state) return state;
      if (state.open) return undefined;
      const { why, opens } = state;
      if (opens === undefined)
        return refuse(why, "Set the next window in clustershift.yaml, then plan and approve again.");
      // Where the reason names the moment already, the time until then is what is missing.
      const next = plan.window.opens !== undefined && opens === Date.parse(plan.window.opens);
      return refuse(
        next && why.includes("opens at")
          ? `${why.slice(0, -1)}, in ${formatDuration(opens - now)}.`
          : `${why} It opens at ${new Date(opens).toISOString()}, in ${formatDuration(opens - now)}.`,
        "Wait until it opens, or change window in clustershift.yaml, plan and approve again.",
      );
    },
  },
  windowLongEnough: {
    id: "window-too-short",
    check: ({ plan, now, journal }) => tooShort(plan, now, journal),
  },
} as const satisfies Record<string, Gate>;

/**
 * Why a shift that is under way must not take its next step but go back: the window is over, or will be before the step was held and
 * everything could have gone back.
 *
 * @param holdMs of the next step, after which this is asked again
 * @param since number of the last journal entry before this command
 */
export function mustGoBack(
  { plan, now, journal }: Pick<Evidence, "plan" | "now" | "journal">,
  holdMs: number,
  since: number,
): Refusal | undefined {
  if (!plan?.window) return undefined;
  const state = stateOf(plan.window, now);
  if ("what" in state) return state;
  if (!state.open) return refuse(state.why, "clustershift rollback");
  return tooShort(plan, now, journal, { holdMs, since });
}

function tooShort(
  plan: Plan | undefined,
  now: number,
  journal: Evidence["journal"],
  step?: { holdMs: number; since: number },
): Refusal | undefined {
  if (!plan?.window) return undefined;
  const state = stateOf(plan.window, now);
  // What isn't open is another gate's.
  if ("what" in state || !state.open || state.closes === undefined) return undefined;
  const left = state.closes - now;
  const { ms, settleMs, basis } = wayBackTime(plan.rollbackSeconds * 1000, plan.targets.length, journal, step?.since);
  const needed = step ? ms + settleMs + step.holdMs : ms;
  if (left >= needed) return undefined;
  const what = step
    ? `the next step and the way back take ${formatDuration(needed)}`
    : `the way back takes ${formatDuration(ms)}`;
  return refuse(
    `The window closes at ${new Date(state.closes).toISOString()}, in ${formatDuration(left)}, and ${what} (${basis}).`,
    "Take the next window, or change window in clustershift.yaml, plan and approve again.",
  );
}

/** A window that can't be read is none that is open. */
function stateOf(window: MaintenanceWindow, now: number): WindowState | Refusal {
  try {
    return windowAt(now, window);
  } catch (error) {
    return refuse(
      `The plan's window can't be read: ${messageOf(error)}.`,
      "Set window in clustershift.yaml, then: clustershift plan && clustershift approve --by NAME",
    );
  }
}
