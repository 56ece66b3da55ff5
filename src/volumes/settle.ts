import { messageOf } from "../model/errors.js";
import { filledAt } from "../model/json.js";
import { backingOf } from "./backing.js";
import { isRefusal, throwIfStopped, type VolumeEdges, type VolumeTerms, volumes } from "./edges.js";
import { type Bound, boundNow } from "./history.js";
import { once } from "./step.js";
import { clusterTag, clusterTagsOf } from "./tags.js";

/** What couldn't be settled, a line each. */
export interface Settled {
  volumes: number;
  failed: string[];
}

/** What is still to be settled before blue may go. */
export const toSettle = (journal: VolumeEdges["journal"]): Bound[] => boundNow(journal.entries());

/**
 * Makes green's for good what it got: volumes that were handed over lose the tags by which they are blue's, and PersistentVolumes get the
 * reclaim policy that blue's had. Before blue goes: what deletes it may go by those tags.
 *
 * @throws UserError `interrupted`
 */
export async function settleVolumes(
  { blue, green }: Pick<VolumeTerms, "blue" | "green">,
  edges: Pick<VolumeEdges, "cloud" | "green" | "journal" | "signal">,
): Promise<Settled> {
  const failed: string[] = [];
  const bound = toSettle(edges.journal);
  for (const each of bound) {
    throwIfStopped(edges.signal);
    try {
      if (each.strategy === "hand-over") await retag(each, { blue, green }, edges);
      // A file system that is shared was there before either cluster: nothing of it may go with a claim.
      if (each.strategy !== "shared") await reclaimAsBefore(each, edges);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      failed.push(`${each.claim} (${each.handle}): ${messageOf(error)}`);
    }
  }
  return { volumes: bound.length, failed };
}

type SettleEdges = Parameters<typeof settleVolumes>[1];

/** What carries no tag of blue's is nobody's to delete by it, and stays as it is. */
async function retag(
  { handle, claim }: Bound,
  { blue, green }: Pick<VolumeTerms, "blue" | "green">,
  { cloud, journal }: SettleEdges,
): Promise<void> {
  const bluesTags = async (): Promise<Record<string, string>> => {
    const [volume] = await cloud.volumes([handle]);
    const keys = volume ? clusterTagsOf(volume, blue) : [];
    return Object.fromEntries(keys.map((key) => [key, volume?.tags[key] ?? ""]));
  };
  const before = await bluesTags();
  await once<{ tagged: true }>(
    {
      step: `volumes-settle/tags/${claim}`,
      what: `give ${handle} green's tag in place of blue's`,
      target: handle,
      before,
      after: clusterTag(green),
      find: async () => (Object.keys(await bluesTags()).length === 0 ? { tagged: true } : undefined),
      async make() {
        await cloud.tag(handle, clusterTag(green));
        await cloud.untag(handle, Object.keys(before));
        return { tagged: true };
      },
    },
    journal,
  );
}

async function reclaimAsBefore({ volume, handle, claim, reclaimPolicy }: Bound, { green, journal }: SettleEdges) {
  await once<{ policy: string }>(
    {
      step: `volumes-settle/reclaim/${claim}`,
      what: `give green's PersistentVolume ${volume} the reclaim policy ${reclaimPolicy}, as blue's has it`,
      target: `PersistentVolume ${volume}`,
      before: "Retain",
      after: reclaimPolicy,
      async find() {
        const found = await green.get(volumes, volume);
        // Somebody replaced it: theirs is theirs.
        if (!found || backingOf(found).handle !== handle) return { policy: "theirs" };
        const policy = filledAt(found, "spec", "persistentVolumeReclaimPolicy");
        return policy === reclaimPolicy ? { policy } : undefined;
      },
      async make() {
        const patch = { spec: { persistentVolumeReclaimPolicy: reclaimPolicy } };
        await green.patch(volumes, volume, patch, { type: "merge", fieldManager: "clustershift" });
        return { policy: reclaimPolicy };
      },
    },
    journal,
  );
}
