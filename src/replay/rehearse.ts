import { refKey } from "../model/objects.js";
import type { RehearsalReport } from "../model/run.js";
import type { ApplyOptions } from "./apply.js";
import { type ReplayResult, type ReplayRules, type ReplaySource, replay } from "./replay.js";

export interface RehearseOptions extends Omit<ApplyOptions, "green"> {
  /** A control plane of green's version that is thrown away afterwards. Never green itself. */
  control: ApplyOptions["green"];
  /** Manifest hash of the bundle. */
  bundle: string;
  /** ISO 8601, UTC. */
  at: string;
}

/** Replays for real, into a control plane that nobody uses, and gathers what it refuses: exactly what green would refuse. */
export async function rehearse(
  source: ReplaySource,
  rules: ReplayRules,
  { control, bundle, at, ...options }: RehearseOptions,
): Promise<{ report: RehearsalReport; result: ReplayResult }> {
  const { version } = await control.info();
  const result = await replay(source, rules, { ...options, green: control });
  const refused = result.outcomes
    .filter(({ ending }) => ending === "failed")
    .map(({ object, reason = "" }) => ({ object: refKey(object), reason }));
  const report = { format: 1 as const, at, bundle, version, objects: result.accounting.total.listed, refused };
  return { report, result };
}
