import type { BackedUpClaim, DataMethod } from "../model/backed-up-claim.js";
import { filledAt, isObject } from "../model/json.js";
import type { JsonObject } from "../model/objects.js";
import type { BackupFiles } from "./files.js";
import type { Limits } from "./limits.js";
import type { Backup } from "./read-backup.js";
import { readList } from "./side-file.js";

interface VolumeData extends Pick<BackedUpClaim, "method" | "lacks"> {
  claim?: string;
  volume?: string;
}

/** What a backup has of claims: their definitions are in it, what it says of their data lies beside it. */
export async function claimsOfBackup(
  backup: Pick<Backup, "resources" | "batches">,
  files: BackupFiles,
  limits: Limits,
  signal?: AbortSignal,
): Promise<BackedUpClaim[]> {
  const data = await readData(files, limits, signal);
  const byClaim = new Map(data.map((each) => [each.claim, each]));
  const byVolume = new Map(data.map((each) => [each.volume, each]));
  const found: BackedUpClaim[] = [];
  for (const resource of backup.resources) {
    if (resource.group !== "" || resource.kind !== "PersistentVolumeClaim") continue;
    for await (const batch of backup.batches(resource)) {
      for (const { metadata, spec } of batch) {
        const { name, namespace = "", labels = {} } = metadata;
        const volume = filledAt(spec, "volumeName");
        const its = byClaim.get(`${namespace}/${name}`) ?? (volume === undefined ? undefined : byVolume.get(volume));
        const { method, lacks } = its ?? {};
        found.push({ namespace, name, labels, ...(method && { method }), ...(lacks !== undefined && { lacks }) });
      }
    }
  }
  return found;
}

/** By `<name>-volumeinfo.json.gz`, where this Velero wrote one; older ones have lists of snapshots alone. */
async function readData(files: BackupFiles, limits: Limits, signal?: AbortSignal): Promise<VolumeData[]> {
  const list = async (name: string) => (await readList(files, name, limits, signal)).filter(isObject);
  const described = await list("volumeinfo");
  if (described.length > 0) return described.map(asDescribed);
  const native = (await list("volumesnapshots")).map(({ spec, status }): VolumeData => {
    const volume = filledAt(spec, "persistentVolumeName");
    const phase = filledAt(status, "phase");
    const sound = phase === "Completed";
    return { ...(volume && { volume }), ...(sound ? { method: "native" } : { lacks: `its snapshot is ${phase}` }) };
  });
  const csi = (await list("csi-volumesnapshots")).map(({ metadata, spec }): VolumeData => {
    const source = filledAt(spec, "source", "persistentVolumeClaimName");
    return { claim: `${filledAt(metadata, "namespace")}/${source}`, method: "csi" };
  });
  const ofPods = (await list("podvolumebackups")).flatMap(({ metadata, spec, status }): VolumeData[] => {
    const name = filledAt(metadata, "annotations", "velero.io/pvc-name");
    if (name === undefined) return [];
    const claim = `${filledAt(spec, "pod", "namespace")}/${name}`;
    const phase = filledAt(status, "phase");
    return [
      { claim, ...(phase === "Completed" ? { method: "files" } : { lacks: `the backup of its files is ${phase}` }) },
    ];
  });
  return [...native, ...csi, ...ofPods];
}

const methods: Readonly<Record<string, DataMethod>> = {
  NativeSnapshot: "native",
  CSISnapshot: "csi",
  PodVolumeBackup: "files",
};

function asDescribed(info: JsonObject): VolumeData {
  const claim = `${filledAt(info, "pvcNamespace")}/${filledAt(info, "pvcName")}`;
  const volume = filledAt(info, "pvName");
  const named = methods[filledAt(info, "backupMethod") ?? ""];
  const method = named === "csi" && info.snapshotDataMoved === true ? "moved" : named;
  const its = { claim, ...(volume && { volume }) };
  if (info.skipped === true) return { ...its, lacks: `Velero left its volume out: ${filledAt(info, "skippedReason")}` };
  if (filledAt(info, "result") === "failed") return { ...its, lacks: "Velero failed to back up its volume" };
  return { ...its, ...(method && { method }) };
}
