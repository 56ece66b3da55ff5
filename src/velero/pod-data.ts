import type { BackedUpPod } from "../model/backed-up-claim.js";
import { filledAt, isObject, listAt, textAt } from "../model/json.js";
import type { JsonObject, KubeObject } from "../model/objects.js";
import type { BackupFiles } from "./files.js";
import type { Limits } from "./limits.js";
import type { Backup } from "./read-backup.js";
import { readList } from "./side-file.js";

/** Pods of the namespaces in which Velero put files of Pods into its store, each with the volumes whose files are there. */
export async function podsOfBackup(
  backup: Pick<Backup, "resources" | "batches">,
  files: BackupFiles,
  limits: Limits,
  signal?: AbortSignal,
): Promise<BackedUpPod[]> {
  const kept = await keptVolumes(files, limits, signal);
  if (kept.size === 0) return [];
  const found: BackedUpPod[] = [];
  for (const resource of backup.resources) {
    if (resource.group !== "" || resource.kind !== "Pod") continue;
    for await (const batch of backup.batches(resource))
      for (const pod of batch) {
        const volumes = kept.get(pod.metadata.namespace ?? "");
        if (volumes) found.push(asBackedUp(pod, volumes));
      }
  }
  return found;
}

/** By namespace: `POD/VOLUME`. One without a snapshot has failed, or the volume was empty: nothing would be restored. */
async function keptVolumes(
  files: BackupFiles,
  limits: Limits,
  signal: AbortSignal | undefined,
): Promise<Map<string, Set<string>>> {
  const kept = new Map<string, Set<string>>();
  for (const each of await readList(files, "podvolumebackups", limits, signal)) {
    if (textAt(each, "status", "phase") !== "Completed" || !filledAt(each, "status", "snapshotID")) continue;
    const namespace = textAt(each, "spec", "pod", "namespace") ?? "";
    const volumes = kept.get(namespace) ?? new Set();
    kept.set(namespace, volumes.add(`${textAt(each, "spec", "pod", "name")}/${textAt(each, "spec", "volume")}`));
  }
  return kept;
}

/** What Velero takes out of a Pod before it adds its own again. */
const velerosOwn = new Set(["restore-wait", "restic-wait"]);

function asBackedUp({ metadata, spec }: KubeObject, kept: ReadonlySet<string>): BackedUpPod {
  const { name, namespace = "", labels = {}, annotations = {} } = metadata;
  const volumes = objectsIn(spec, "volumes");
  return {
    ...{ namespace, name, labels },
    claims: volumes.flatMap((volume) => textAt(volume, "persistentVolumeClaim", "claimName") ?? []),
    volumes: volumes.filter((volume) => kept.has(`${name}/${volume.name}`)),
    initContainers: objectsIn(spec, "initContainers")
      .map((each) => String(each.name))
      .filter((each) => !velerosOwn.has(each)),
    hooked: annotations["init.hook.restore.velero.io/container-image"] !== undefined,
  };
}

function objectsIn(spec: unknown, field: string): JsonObject[] {
  return listAt(spec, field).filter(isObject);
}
