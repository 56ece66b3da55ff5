import type { StartedShift } from "./history.js";
import { stagesOfTargets } from "./targets/index.js";
import type { Stage } from "./targets/target.js";

/** The whole shift, from what was recorded before it: the dry run prints this list, and the run works through it. */
export function stagesOf(shift: StartedShift): Stage[] {
  return stagesOfTargets(shift.targets, shift);
}
