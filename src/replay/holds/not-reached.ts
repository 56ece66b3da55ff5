import type { Outcome } from "../../model/accounting.js";
import type { Finding } from "../../model/finding.js";
import { type KubeObject, refKey, refOf } from "../../model/objects.js";
import type { Change, ChangeContext } from "../changes/change.js";
import { changesOf } from "../changes/index.js";
import { leftRule } from "../deployers/configured.js";

/** Objects that a hold would keep quiet, but that their deployer brings to green by itself: nothing of ours reaches them. */
export function notReached(
  objects: readonly KubeObject[],
  settled: readonly Outcome[],
  changes: readonly Change[],
  context: ChangeContext,
): Finding[] {
  const left = new Set(settled.filter(({ by }) => by === leftRule).map(({ object }) => refKey(object)));
  if (left.size === 0) return [];
  const holds = changes.filter(({ stage }) => stage === "hold");
  return objects.flatMap((object): Finding[] => {
    const ref = refOf(object);
    const made = left.has(refKey(ref)) ? changesOf(object, holds, context).find(({ held }) => held) : undefined;
    if (!made) return [];
    return [
      {
        id: "left-not-held",
        severity: "warning",
        object: ref,
        why: `Its deployer brings it to green, where it acts at once beside blue's: the hold "${made.change.id}" doesn't reach it.`,
        whatToDo:
          "Let its deployer bring it to green at 0 replicas, or suspended, until the cutover; or copy it like the others (replay.keep, or handling: copy), so that it's held.",
      },
    ];
  });
}
