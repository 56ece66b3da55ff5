import { type VolumeEdges, waitFor } from "./edges.js";
import { boundIn, copiesIn, hasBegun, type Kept, roundOf } from "./history.js";

/** What a way back came to. */
export interface TakenBack {
  /** Volumes that green has let go of, so that blue's nodes can take them. */
  free: string[];
  /** Volumes that something still has, and what. */
  held: Map<string, string>;
  /** Copies that stay: what green wrote is in them alone. */
  kept: Kept[];
}

/** What was handed over in the round that no way back has ended yet, and the copies that were made in it. */
export function toTakeBack(journal: VolumeEdges["journal"]): { handedOver: string[]; kept: Kept[] } {
  const entries = journal.entries();
  const round = roundOf(entries);
  const handed = boundIn(entries, round).filter(({ strategy }) => strategy === "hand-over");
  return { handedOver: handed.map(({ handle }) => handle), kept: copiesIn(entries, round) };
}

export interface Patience {
  /** How long green may take to let go of what was handed over. */
  timeoutMs: number;
  /** Blue's are started already, by an earlier way back: whoever has a volume now may be blue itself, and the round is over. */
  started: boolean;
}

/**
 * Ends a round, once green's workloads are held again: waits until green has let go of what was handed over. Nothing is deleted and nothing
 * detached by force: Kubernetes does that, and blue's Pods wait for their volumes. Undefined where there is nothing to take back.
 *
 * @throws UserError `aws-failed`, `interrupted`
 */
export async function takeVolumesBack(
  edges: Pick<VolumeEdges, "cloud" | "journal" | "clock" | "signal" | "onProgress">,
  { timeoutMs, started }: Patience,
): Promise<TakenBack | undefined> {
  const { cloud, journal, clock } = edges;
  const round = roundOf(journal.entries());
  if (!hasBegun(journal.entries(), round)) return undefined;
  const { handedOver, kept } = toTakeBack(journal);
  const held = new Map<string, string>();
  const look = async (): Promise<string[]> => {
    const found = new Map((await cloud.volumes(handedOver)).map((volume) => [volume.id, volume]));
    held.clear();
    for (const id of handedOver) {
      const volume = found.get(id);
      if (!volume) held.set(id, "isn't there");
      else if (volume.state !== "available")
        held.set(id, `is ${volume.state}, on ${volume.attachedTo.join(", ") || "nobody"}`);
    }
    return [...held.keys()];
  };
  if (handedOver.length > 0) await waitFor("volume(s) that green must let go of", look, clock.now() + timeoutMs, edges);
  const free = handedOver.filter((id) => !held.has(id));
  if (held.size === 0 || started)
    await journal.append({ type: "event", phase: "volumes", event: "returned", data: { round, free, kept } });
  return { free, held, kept };
}
