import { messageOf } from "../model/errors.js";
import { claimName, type PlannedVolume } from "../model/volumes.js";
import { isRefusal, throwIfStopped, type VolumeEdges, type VolumeOutcome, type VolumeTerms } from "./edges.js";
import { syncsIn } from "./history.js";
import { requireHandle, takeSnapshot, untilComplete } from "./snapshots.js";

/**
 * Takes a snapshot of each volume while blue runs, and waits until AWS has completed them. Each call that ended is a sync of its own; one
 * that was interrupted goes on.
 *
 * @throws UserError `interrupted`
 */
export async function syncVolumes(
  moved: readonly PlannedVolume[],
  terms: VolumeTerms,
  edges: Pick<VolumeEdges, "cloud" | "journal" | "clock" | "signal" | "onProgress">,
): Promise<VolumeOutcome[]> {
  const copy = `sync${syncsIn(edges.journal.entries()).next}`;
  const failed = new Map<string, string>();
  const taken = new Map<string, string>();
  for (const planned of moved) {
    throwIfStopped(edges.signal);
    const claim = claimName(planned);
    try {
      requireHandle(planned);
      taken.set(claim, await takeSnapshot(planned, copy, terms, edges));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      failed.set(claim, messageOf(error));
    }
  }
  for (const [claim, why] of await untilComplete(taken, copy, terms, edges)) failed.set(claim, why);
  if (failed.size === 0)
    await edges.journal.append({ type: "event", phase: "volumes", event: "synced", data: { copy } });
  return moved.map((planned) => {
    const claim = claimName(planned);
    const [snapshot, why] = [taken.get(claim), failed.get(claim)];
    return {
      claim: planned.claim,
      ...(snapshot !== undefined && { handle: snapshot }),
      ...(why !== undefined && { failed: why }),
    };
  });
}
