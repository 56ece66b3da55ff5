import type { ManualTarget } from "../../../model/manual.js";
import { targetKey } from "../../../model/traffic.js";
import type { ShiftTerms, Stage, TargetKind } from "../target.js";
import { type RecordedManual, recordedManual } from "./recorded.js";
import { manualTask } from "./task.js";

/** What no API moves: a person does, and says so. */
export const manual: TargetKind<ManualTarget, RecordedManual> = {
  kind: "manual",
  schema: recordedManual,
  record: async (targets) => targets.map((target) => ({ ...target, key: targetKey(target), before: "blue" })),
  open: manualTask,
  stages: manualStages,
  portions: ({ name }, live) => [
    { what: `${name} (by hand)`, blue: Number(live === "blue"), green: Number(live === "green"), other: 0 },
  ],
};

/** One after another, in the order of the configuration: each is held and checked for itself. */
function manualStages(recorded: readonly RecordedManual[], { attempt, holdMs }: ShiftTerms): Stage[] {
  return recorded.map(({ key, name, green, blue, before }) => ({
    id: `manual/${name}`,
    what: `by hand, ${name}: ${green} (to take it back: ${blue})`,
    holdMs,
    moves: [{ step: `cutover-${attempt}/${key}`, key, what: `by hand, ${name}: ${green}`, from: before, to: "green" }],
  }));
}
