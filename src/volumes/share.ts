import { messageOf } from "../model/errors.js";
import { bind, untilBound } from "./bind.js";
import { type Bringing, isRefusal, keyOf, throwIfStopped, type VolumeEdges, type VolumeOutcome } from "./edges.js";
import { type Bound, sharedRound } from "./history.js";

/** Gives green's claims of shared file systems volumes that stand for the same ones. Called again, it does what isn't done. */
export async function shareVolumes(
  all: readonly Bringing[],
  run: string,
  edges: Pick<VolumeEdges, "green" | "journal" | "clock" | "signal">,
): Promise<VolumeOutcome[]> {
  const failed = new Map<string, string>();
  const done: Bound[] = [];
  for (const one of all) {
    throwIfStopped(edges.signal);
    try {
      done.push(await bind(one, one.planned.handle ?? "", undefined, sharedRound, { run }, edges));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      failed.set(keyOf(one), messageOf(error));
    }
  }
  for (const [claim, why] of await untilBound(done, edges)) failed.set(claim, why);
  return all.map(({ planned }) => {
    const why = failed.get(keyOf({ planned }));
    return { claim: planned.claim, ...(why === undefined ? { handle: planned.handle ?? "" } : { failed: why }) };
  });
}
