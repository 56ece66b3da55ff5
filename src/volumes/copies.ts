import { createHash } from "node:crypto";
import type { Volume } from "../aws/volumes.js";
import { type Bringing, keyOf, Refused, type VolumeEdges, type VolumeTerms, waitFor } from "./edges.js";
import { stepOf } from "./history.js";
import { once } from "./step.js";
import { carriedTags, claimTag, clusterTag, copyTag, runTag } from "./tags.js";

/** One claim's copy on its way: the snapshot that was taken of the original, once blue had let go of it. */
export interface Copying {
  one: Bringing;
  original: Volume;
  snapshotId: string;
}

type Wanted = Pick<Volume, "size" | "zone" | "type" | "iops" | "throughput" | "encrypted" | "kmsKeyId"> & {
  snapshotId: string;
};

/** Makes the new volume once for this round, and returns its id; AWS may be making it still. */
export async function makeCopy(
  copying: Copying,
  round: number,
  { run, blue, green }: VolumeTerms,
  { cloud, journal }: Pick<VolumeEdges, "cloud" | "journal">,
): Promise<string> {
  const { one, original, snapshotId } = copying;
  const claim = keyOf(one);
  const wanted = wantedOf(copying);
  const own = { [runTag]: run, [copyTag]: String(round), [claimTag]: claim };
  const { volume } = await once<{ volume: string }>(
    {
      step: stepOf(round, "volume", claim),
      what: `make a volume of ${snapshotId} in ${wanted.zone}, for ${claim}`,
      target: snapshotId,
      after: wanted,
      async find() {
        const found = (await cloud.tagged(own)).find(
          (each) => each.snapshotId === snapshotId && each.state !== "error" && each.state !== "deleting",
        );
        return found && { volume: found.id };
      },
      make: async () => ({
        volume: await cloud.create({
          ...wanted,
          token: createHash("sha256").update(`${run}/${round}/${claim}/${snapshotId}`).digest("hex"),
          tags: {
            ...carriedTags(original, blue),
            ...clusterTag(green),
            // What the driver's own policy at AWS goes by.
            "ebs.csi.aws.com/cluster": "true",
            ...own,
          },
        }),
      }),
    },
    journal,
  );
  return volume;
}

/** Waits until copies are there, and looks whether each is as its original. By claim: why one isn't. */
export async function untilSound(
  copies: readonly { copying: Copying; id: string }[],
  { timeoutMs }: VolumeTerms,
  edges: Pick<VolumeEdges, "cloud" | "clock" | "signal" | "onProgress">,
): Promise<Map<string, string>> {
  const failed = new Map<string, string>();
  const seen = new Set<string>();
  const look = async (): Promise<string[]> => {
    const left = copies.filter(({ id }) => !seen.has(id));
    const found = new Map((await edges.cloud.volumes(left.map(({ id }) => id))).map((each) => [each.id, each]));
    for (const { copying, id } of left) {
      const claim = keyOf(copying.one);
      const copy = found.get(id);
      if (copy?.state !== "available") {
        failed.set(claim, `its copy ${id} is ${copy?.state ?? "not there"}`);
        continue;
      }
      seen.add(id);
      const wrong = differenceOf(copy, wantedOf(copying));
      if (wrong) failed.set(claim, `its copy ${id} ${wrong}`);
      else failed.delete(claim);
    }
    return copies.filter(({ id }) => !seen.has(id)).map(({ id }) => id);
  };
  if (copies.length > 0) await waitFor("new volume(s)", look, edges.clock.now() + timeoutMs, edges);
  return failed;
}

/** As the original is, in the zone that green has it in. */
function wantedOf({ one: { planned }, original, snapshotId }: Copying): Wanted {
  if (planned.zone === undefined) throw new Refused("nobody knows its zone");
  const { size, type, iops, throughput, encrypted, kmsKeyId } = original;
  return {
    ...{ snapshotId, size, type, encrypted, zone: planned.zone.to },
    ...(iops !== undefined && { iops }),
    ...(throughput !== undefined && { throughput }),
    ...(kmsKeyId !== undefined && { kmsKeyId }),
  };
}

function differenceOf(copy: Volume, wanted: Wanted): string | undefined {
  const members = ["size", "zone", "type", "iops", "throughput", "encrypted", "kmsKeyId", "snapshotId"] as const;
  const other = members.find((member) => wanted[member] !== undefined && copy[member] !== wanted[member]);
  return other && `has ${other} ${copy[other]}, and not ${wanted[other]}`;
}
