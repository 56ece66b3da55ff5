import type { Volume } from "../aws/volumes.js";
import { type Bringing, keyOf, type VolumeEdges, type VolumeTerms, waitFor } from "./edges.js";

/** Volumes that no node has any more, by claim; and by claim why one isn't that. */
export interface LetGo {
  originals: Map<string, Volume>;
  failed: Map<string, string>;
}

/** Waits until blue's nodes have unmounted volumes: what was written is on them then, and green's can take them. */
export async function untilLetGo(
  some: readonly Bringing[],
  { timeoutMs }: VolumeTerms,
  edges: Pick<VolumeEdges, "cloud" | "clock" | "signal" | "onProgress">,
): Promise<LetGo> {
  const originals = new Map<string, Volume>();
  const failed = new Map<string, string>();
  const look = async (): Promise<string[]> => {
    const left = some.filter((one) => !originals.has(keyOf(one)));
    const ids = left.map(({ planned }) => planned.handle ?? "");
    const found = new Map((await edges.cloud.volumes(ids)).map((each) => [each.id, each]));
    for (const one of left) {
      const volume = found.get(one.planned.handle ?? "");
      if (volume?.state === "available") {
        originals.set(keyOf(one), volume);
        failed.delete(keyOf(one));
      } else failed.set(keyOf(one), stillHeld(volume) ?? `${one.planned.handle} isn't there`);
    }
    return some.filter((one) => !originals.has(keyOf(one))).map(keyOf);
  };
  if (some.length > 0) await waitFor("volume(s) that blue must let go of", look, edges.clock.now() + timeoutMs, edges);
  for (const one of some) {
    const [volume, zone] = [originals.get(keyOf(one)), one.planned.zone?.from];
    if (volume && zone !== undefined && zone !== volume.zone)
      failed.set(keyOf(one), `${volume.id} is in ${volume.zone}, and the plan says ${zone}: clustershift plan`);
  }
  return { originals, failed };
}

function stillHeld(volume: Volume | undefined): string | undefined {
  if (!volume) return undefined;
  const { id, state, attachedTo } = volume;
  return `${id} is still ${state}, on ${attachedTo.join(", ") || "nobody"}: blue's node must let go of it`;
}
