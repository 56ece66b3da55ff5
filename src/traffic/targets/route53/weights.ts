import type { Answer, RecordSet } from "../../../model/traffic.js";
import { aliasTtl } from "./answer-ttl.js";

/** Route 53's greatest weight. */
const greatest = 255;

/**
 * The record sets that one name and type must have for green to get `share` percent of its answers.
 *
 * Blue's sets stay whole but for weight and set identifier, and stay there with weight 0 at the end: a rollback then
 * changes weights only. Share 0 is `before` itself.
 *
 * @param before one name's and type's sets as they were recorded: one simple set, or weighted ones, not all with weight 0
 * @param green green's answer: it may be an alias beside blue's values, and values beside blue's alias
 * @param share whole percent, 0 to 100
 * @param healthCheckId of green's answer
 */
export function weightedSets(
  before: readonly RecordSet[],
  green: Answer,
  share: number,
  healthCheckId?: string,
): RecordSet[] {
  const [first] = before;
  if (!first || ("length" in green && green.length === 0))
    throw new Error("a shift needs both blue's and green's answer");
  if (!Number.isInteger(share) || share < 0 || share > 100) throw new Error(`no share of traffic: ${share}`);
  if (share === 0) return [...before];

  const taken = new Set(before.map((set) => set.SetIdentifier));
  const weights = scaled(
    before.map((set) => set.Weight ?? 1),
    share,
  );
  const blue = before.map((set, index) => ({
    ...set,
    SetIdentifier: set.SetIdentifier ?? "clustershift-blue",
    Weight: weights.blue[index] ?? 0,
  }));
  const greenSet: RecordSet = {
    Name: first.Name,
    Type: first.Type,
    SetIdentifier: freeIdentifier("clustershift-green", taken),
    Weight: weights.green,
    ...answerOf(green, Math.max(...before.map((set) => set.TTL ?? aliasTtl))),
    ...(healthCheckId !== undefined && { HealthCheckId: healthCheckId }),
  };
  return [...blue, greenSet];
}

/** An alias has no TTL of its own. */
function answerOf(green: Answer, ttl: number): Pick<RecordSet, "TTL" | "ResourceRecords" | "AliasTarget"> {
  return "length" in green ? { TTL: ttl, ResourceRecords: green.map((Value) => ({ Value })) } : { AliasTarget: green };
}

/** An earlier migration's green is today's blue, and keeps its identifier: this green takes the next one. */
function freeIdentifier(wanted: string, taken: ReadonlySet<string | undefined>): string {
  for (let number = 1; ; number++) {
    const identifier = number === 1 ? wanted : `${wanted}-${number}`;
    if (!taken.has(identifier)) return identifier;
  }
}

/**
 * Whole weights, 0 to 255, in which green has `share` percent and blue's keep their proportions, both as nearly as such
 * small numbers allow. Who had an answer keeps one until share 100, and who had none gets none.
 */
export function scaled(before: readonly number[], share: number): { blue: number[]; green: number } {
  const sum = before.reduce((total, weight) => total + weight, 0);
  if (sum <= 0) throw new Error("weights that are all zero can't be scaled");
  if (share === 100) return { blue: before.map(() => 0), green: 100 };
  if (before.length === 1) return { blue: [100 - share], green: share };

  let best = { blue: [...before], green: 0, error: Number.POSITIVE_INFINITY };
  for (let green = 1; green <= greatest; green++) {
    const total = (green * (100 - share)) / share;
    const blue = before.map((weight) => (weight === 0 ? 0 : Math.max(1, Math.round((weight / sum) * total))));
    if (Math.max(...blue) > greatest) break;
    const blueSum = blue.reduce((all, weight) => all + weight, 0);
    const shareError = Math.abs(green / (green + blueSum) - share / 100);
    const proportionError = Math.max(...blue.map((weight, i) => Math.abs(weight / blueSum - (before[i] ?? 0) / sum)));
    const error = shareError + proportionError;
    if (error < best.error - 1e-9) best = { blue, green, error };
  }
  if (best.green === 0) {
    // Even green's smallest weight would ask too much of blue's greatest: a share below 1/256 of one set's weight.
    const most = Math.max(...before);
    const blue = before.map((weight) => (weight === 0 ? 0 : Math.max(1, Math.round((weight / most) * greatest))));
    return { blue, green: 1 };
  }
  return { blue: best.blue, green: best.green };
}
