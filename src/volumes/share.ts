import { messageOf } from "../model/errors.js";
import { bind } from "./bind.js";
import { type Bringing, isRefusal, throwIfStopped, type VolumeEdges, type VolumeOutcome } from "./edges.js";
import { sharedRound } from "./history.js";

/** Gives green's claims of shared file systems volumes that stand for the same ones. Called again, it does what isn't done. */
export async function shareVolumes(
  all: readonly Bringing[],
  run: string,
  edges: Pick<VolumeEdges, "green" | "journal" | "clock" | "signal">,
): Promise<VolumeOutcome[]> {
  const outcomes: VolumeOutcome[] = [];
  for (const one of all) {
    throwIfStopped(edges.signal);
    const { claim, handle = "" } = one.planned;
    try {
      await bind(one, handle, undefined, sharedRound, { run }, edges);
      outcomes.push({ claim, handle });
    } catch (error) {
      if (!isRefusal(error)) throw error;
      outcomes.push({ claim, failed: messageOf(error) });
    }
  }
  return outcomes;
}
