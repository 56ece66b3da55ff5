import { type Finding, summedUp } from "../model/finding.js";
import type { ObjectRef } from "../model/objects.js";
import type { Backup } from "./read-backup.js";
import type { BackupRemark, Lacking } from "./results.js";

/** What a plan has to say of a backup that Velero didn't make without a word, object by object. */
export function backupFindings(backup: Pick<Backup, "remarks" | "lacking" | "volumes" | "kindIn">): Finding[] {
  const { remarks, lacking, volumes } = backup;
  const told = new Set<BackupRemark>();
  const missing = lacking.map((each): Finding => {
    const words = remarks.filter((remark) => remark.severity === "error" && isOf(remark, each, backup.kindIn));
    for (const remark of words) told.add(remark);
    const { apiVersion: _, ...object } = each;
    const said = words.length > 0 ? `: ${words.map(({ text }) => text).join("; ")}` : ", and doesn't say why.";
    return {
      id: "backup-lacks-object",
      severity: "warning",
      object,
      why: `Velero took it up and couldn't back it up${said}`,
      whatToDo: "It can't arrive in green from this backup: add it by hand, or take a backup that has it.",
    };
  });
  const others = remarks.filter((remark) => !told.has(remark));
  return [
    ...summedUp(missing),
    ...summedUp(others.filter(({ severity }) => severity === "error").map((each) => said(each, backup))),
    ...summedUp(others.filter(({ severity }) => severity === "warning").map((each) => said(each, backup))),
    ...volumesNotRead(volumes),
  ];
}

function said(remark: BackupRemark, { kindIn }: Pick<Backup, "kindIn">): Finding {
  const object = objectOf(remark, kindIn);
  const where = object ? "" : placeOf(remark);
  const isError = remark.severity === "error";
  return {
    id: isError ? "backup-error" : "backup-warning",
    severity: isError ? "warning" : "note",
    ...(object && { object }),
    why: `Velero says of its backup${where}: ${remark.text}`,
    whatToDo: isError
      ? "See whether what it names is in the backup as it should be; `velero backup logs` has more."
      : "See that what it names matters to nobody on green.",
  };
}

function objectOf(
  { resource, name, namespace }: BackupRemark,
  kindIn: (folder: string) => string | undefined,
): ObjectRef | undefined {
  const kind = resource === undefined ? undefined : kindIn(resource);
  if (kind === undefined || resource === undefined || name === undefined) return undefined;
  const group = resource.split(".").slice(1).join(".");
  return { group, kind, name, ...(namespace !== undefined && { namespace }) };
}

function placeOf({ resource, name, namespace }: BackupRemark): string {
  const parts = [namespace, resource, name].filter((part) => part !== undefined);
  return parts.length === 0 ? "" : `, of ${parts.join("/")}`;
}

/** Velero doesn't always say of which kind the object is. */
function isOf(remark: BackupRemark, lacking: Lacking, kindIn: (folder: string) => string | undefined): boolean {
  if (remark.name !== lacking.name) return false;
  if (remark.namespace !== undefined && remark.namespace !== lacking.namespace) return false;
  const kind = remark.resource === undefined ? undefined : kindIn(remark.resource);
  return kind === undefined || kind === lacking.kind;
}

function volumesNotRead({ snapshots, csi, files }: Backup["volumes"]): Finding[] {
  const count = snapshots + csi + files;
  if (count === 0) return [];
  const parts = [
    [snapshots, "by snapshots"],
    [csi, "by CSI snapshots"],
    [files, "as files of Pods"],
  ].filter(([each]) => each !== 0);
  return [
    {
      id: "backup-has-volumes",
      severity: "warning",
      count,
      why: `Velero backed up the data of ${count} volume(s), ${parts.map(([each, how]) => `${each} ${how}`).join(", ")}: it lies elsewhere, and comes to green by itself never.`,
      whatToDo: "Bring the volumes' data to green before their workloads start, for example from these snapshots.",
    },
  ];
}
