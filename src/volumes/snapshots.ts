import { claimName, type PlannedVolume } from "../model/volumes.js";
import { nameOf, Refused, type VolumeEdges, type VolumeTerms, waitFor } from "./edges.js";
import { stepOf } from "./history.js";
import { once, resultOf } from "./step.js";
import { claimTag, copyTag, runTag, volumeTag } from "./tags.js";

type SnapshotEdges = Pick<VolumeEdges, "cloud" | "journal" | "clock" | "signal" | "onProgress">;

/** Takes a snapshot of a claim's volume once for this copy, and returns its id; AWS may be making it still. */
export async function takeSnapshot(
  planned: PlannedVolume,
  copy: number | string,
  { run }: VolumeTerms,
  { cloud, journal }: SnapshotEdges,
): Promise<string> {
  const claim = claimName(planned);
  const id = planned.handle ?? "";
  const tags = { [runTag]: run, [copyTag]: String(copy), [claimTag]: claim, [volumeTag]: id };
  const step = stepOf(copy, "snapshot", claim);
  const settled = resultOf<Taken>(journal.entries(), step);
  // The claim has another volume since: that one's snapshot is none of this.
  if (settled && settled.volume !== id)
    await journal.append({ type: "failed", step, error: `${settled.snapshot} is of ${settled.volume}` });
  const { snapshot } = await once<Taken>(
    {
      step,
      what: `take a snapshot of ${id}, of ${claim}`,
      target: id,
      async find() {
        const found = await cloud.snapshots.tagged(tags);
        const sound = found.find(({ state }) => state !== "error");
        return sound && { snapshot: sound.id, volume: id };
      },
      async make() {
        const words = `${claim}, copied by clustershift`;
        return {
          snapshot: await cloud.snapshots.create(id, words, { ...tags, Name: claim.slice(0, 255) }),
          volume: id,
        };
      },
    },
    journal,
  );
  return snapshot;
}

interface Taken {
  snapshot: string;
  volume: string;
}

/** Waits until AWS has completed a run's snapshots of one copy. By claim: why one is of no use. */
export async function untilComplete(
  taken: ReadonlyMap<string, string>,
  copy: number | string,
  { run, timeoutMs }: VolumeTerms,
  edges: SnapshotEdges,
): Promise<Map<string, string>> {
  const { cloud, journal, clock } = edges;
  const failed = new Map<string, string>();
  const look = async (): Promise<string[]> => {
    const states = new Map(
      (await cloud.snapshots.tagged({ [runTag]: run, [copyTag]: String(copy) })).map((each) => [each.id, each.state]),
    );
    const left: string[] = [];
    for (const [claim, id] of taken) {
      if (failed.has(claim) || states.get(id) === "completed") continue;
      if (states.get(id) === "error") {
        failed.set(claim, `AWS could not complete ${id}`);
        await journal.append({ type: "failed", step: stepOf(copy, "snapshot", claim), error: `${id} ended in error` });
      } else left.push(claim);
    }
    return left;
  };
  if (taken.size === 0) return failed;
  for (const claim of await waitFor("snapshot(s)", look, clock.now() + timeoutMs, edges))
    failed.set(claim, `AWS has not completed ${taken.get(claim)} in time`);
  return failed;
}

/** The claim's volume, where there must be one. */
export function requireHandle({ handle, claim }: PlannedVolume): string {
  if (handle !== undefined) return handle;
  throw new Refused(`the plan names no volume of ${nameOf(claim)}`);
}
