import { listAll } from "../../kube/list-all.js";
import { at, filledAt, textAt } from "../../model/json.js";
import type { ApiResource, KubeObject } from "../../model/objects.js";
import type { RestoredClaim } from "../../model/restored.js";
import { claimName, type PlannedVolume } from "../../model/volumes.js";
import { backingOf } from "../backing.js";
import { gibibytes } from "../claims.js";
import { claims, onGreen, Refused, volumes } from "../edges.js";
import { attemptNamed } from "./attempts.js";
import { fileRestores, type VeleroEdges, type VeleroTerms } from "./edges.js";

const storageClasses: ApiResource = {
  ...{ group: "storage.k8s.io", version: "v1", kind: "StorageClass", resource: "storageclasses", namespaced: false },
  ...{ verbs: [], subresources: [] },
};

export const restoreLabel = "velero.io/restore-name";

/** What green has of a claim that Velero restored: its volume, seen there and fit. @throws Refused with what isn't as it should be */
export async function checkRestored(
  planned: PlannedVolume,
  restore: string,
  { clusterId, zones, namespace: velero }: Pick<VeleroTerms, "clusterId" | "zones" | "namespace">,
  { green, cloud, journal }: Pick<VeleroEdges, "green" | "cloud" | "journal">,
): Promise<RestoredClaim> {
  const { name, namespace } = onGreen(planned);
  const restored = { claim: claimName(planned), clusterId, restore };
  const live = await green.get(claims, name, namespace);
  if (!live) throw new Refused("Velero made no such claim");
  await requireFiles(live, restore, velero, { green, journal });
  const phase = filledAt(live, "status", "phase");
  const volume = filledAt(live, "spec", "volumeName");
  if (phase !== "Bound" || volume === undefined) {
    if (await isMadeForItsPod(live, green)) return restored;
    throw new Refused(`its claim is ${phase ?? "Pending"}, and not bound to a volume`);
  }
  const found = await green.get(volumes, volume);
  if (!found) throw new Refused(`green has no PersistentVolume ${volume}, to which its claim is bound`);
  const backing = backingOf(found);
  if (backing.kind !== "ebs") return { ...restored, volume, ...(backing.handle && { handle: backing.handle }) };
  const { handle } = backing;
  if (handle === planned.handle)
    throw new Refused(`${volume} is of ${handle}, which is blue's own volume: Velero had no snapshot of it to restore`);
  const [made] = await cloud.volumes([handle]);
  if (!made) throw new Refused(`${handle}, of ${volume}, isn't there`);
  if (zones.size > 0 && !zones.has(made.zone))
    throw new Refused(`${handle} is in ${made.zone}, where green has no nodes`);
  if (made.size < Math.ceil(gibibytes(planned.size)))
    throw new Refused(`${handle} has ${made.size} GiB, and blue's has ${planned.size}`);
  return { ...restored, volume, handle };
}

/** With Pods a claim comes empty, and its files after it: by a restore of their own, which can fail alone. */
async function requireFiles(
  claim: KubeObject,
  restore: string,
  velero: string,
  { green, journal }: Pick<VeleroEdges, "green" | "journal">,
): Promise<void> {
  const labelSelector = `${restoreLabel}=${restore},velero.io/pvc-uid=${claim.metadata.uid}`;
  const found = await listAll(green, fileRestores, { namespace: velero, labelSelector });
  const bad = found.find((each) => textAt(each, "status", "phase") !== "Completed");
  if (bad) {
    const why = filledAt(bad, "status", "message");
    throw new Refused(
      `Velero's restore of its files is ${textAt(bad, "status", "phase") ?? "New"}${why ? `: ${why}` : ""}`,
    );
  }
  // What somebody restored by hand may have come by a snapshot.
  if (found.length === 0 && attemptNamed(restore, journal.entries())?.modifiers)
    throw new Refused("Velero made it and put no files into it");
}

/** From a snapshot, and only when its first Pod comes: until then nobody binds it. */
async function isMadeForItsPod(claim: KubeObject, green: VeleroEdges["green"]): Promise<boolean> {
  const name = filledAt(claim, "spec", "storageClassName");
  if (name === undefined || at(claim, "spec", "dataSource") === undefined) return false;
  return filledAt(await green.get(storageClasses, name), "volumeBindingMode") === "WaitForFirstConsumer";
}

/** Whether its claim isn't bound yet, and something is at work that will bind it. */
export async function isBinding(planned: PlannedVolume, green: VeleroEdges["green"]): Promise<boolean> {
  const { name, namespace } = onGreen(planned);
  const live = await green.get(claims, name, namespace);
  return live !== undefined && filledAt(live, "status", "phase") !== "Bound" && !(await isMadeForItsPod(live, green));
}

/** Of a claim of green's that no restore of Velero's made. */
export function wordsOfOther(volume: string | undefined): string {
  const has =
    volume === undefined
      ? "an empty one, without a volume"
      : `one, bound to ${volume}, that no restore of Velero's made`;
  return `green has such a claim already, ${has}: Velero leaves what is there alone. Once nobody needs it, delete it on green`;
}
