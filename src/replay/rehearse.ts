import { refKey } from "../model/objects.js";
import type { RehearsalReport } from "../model/run.js";
import type { ApplyOptions } from "./apply.js";
import { type ReplayResult, type ReplayRules, type ReplaySource, replay } from "./replay.js";

export interface RehearseOptions extends Omit<ApplyOptions, "green"> {
  /** A control plane of green's version that is thrown away afterwards. */
  control: ApplyOptions["green"];
  /** Ids of the clusters that it must not be: blue and green. */
  never: readonly string[];
  /** Manifest hash of the bundle. */
  bundle: string;
  /** ISO 8601, UTC. */
  at: string;
}

/**
 * Replays for real, into a control plane that nobody uses, and gathers what it refuses: exactly what green would
 * refuse. Before anything is written it looks whose control plane it is: one that was handed in by mistake, green above all, would
 * keep what is written.
 */
export async function rehearse(
  source: ReplaySource,
  rules: ReplayRules,
  { control, never, bundle, at, ...options }: RehearseOptions,
): Promise<{ report: RehearsalReport; result: ReplayResult }> {
  const { version, clusterId } = await control.info();
  if (never.includes(clusterId))
    throw new Error(`refused to rehearse in ${clusterId}, which is blue or green: what is written there would stay`);
  const result = await replay(source, rules, { ...options, green: control });
  const refused = result.outcomes
    .filter(({ ending }) => ending === "failed")
    .map(({ object, reason = "" }) => ({ object: refKey(object), reason }));
  const report = { format: 1 as const, at, bundle, version, objects: result.accounting.total.listed, refused };
  return { report, result };
}
