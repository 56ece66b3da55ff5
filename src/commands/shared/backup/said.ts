import type { KubeReader } from "../../../kube/api.js";
import { messageOf, UserError } from "../../../model/errors.js";
import type { Finding } from "../../../model/finding.js";
import { type KubeObject, refKey } from "../../../model/objects.js";
import { backupFindings } from "../../../velero/findings.js";
import { locationOf, type StoreLocation } from "../../../velero/known-backup.js";
import type { BackupState } from "../../../velero/make-backup.js";
import { readBackup } from "../../../velero/read-backup.js";
import type { BackupRemark } from "../../../velero/results.js";
import type { Store } from "../../../velero/store.js";
import type { Context } from "../command.js";
import type { Project } from "../project.js";
import { openLocation } from "../velero-source.js";

/** What Velero says of a backup that it has ended, and where that lies. */
export interface Said {
  location?: StoreLocation;
  /** Velero's words, each with the object that it's about. */
  errors: string[];
  warnings: string[];
  /** Why nobody knows what Velero says. */
  unread?: string;
}

/** Velero's own words on each object, which lie beside the backup; and where it failed in part, what of its list isn't in the archive. */
export async function saidOf(
  blue: Pick<KubeReader, "name" | "get">,
  { metadata }: KubeObject,
  { phase, storageLocation }: BackupState,
  { config, file }: Project,
  context: Context,
): Promise<Said> {
  const nothing = { errors: [], warnings: [] };
  if (phase === "FailedValidation" || storageLocation === undefined) return nothing;
  try {
    const location = await locationOf(blue, metadata.namespace ?? "", storageLocation);
    if (!config.aws) return { ...nothing, location, unread: `${file} has no aws, so its bucket isn't read` };
    const store = await openLocation(location, config.aws, context);
    try {
      return { location, ...(await wordsOf(store, metadata.name, phase, context)) };
    } finally {
      store.bucket.close();
    }
  } catch (error) {
    if (!(error instanceof UserError) || error.code === "interrupted") throw error;
    return { ...nothing, unread: messageOf(error) };
  }
}

async function wordsOf(store: Store, name: string, phase: string, { edges: { signal } }: Context) {
  const { backupRemarks, filesInStore } = await import("../../../velero/store.js");
  if (phase !== "PartiallyFailed") {
    const remarks = await backupRemarks(store, name, signal);
    const of = (wanted: BackupRemark["severity"]) => remarks.filter(({ severity }) => severity === wanted).map(placed);
    return { errors: of("error"), warnings: of("warning") };
  }
  const backup = await readBackup(await filesInStore(store, name, signal), { signal });
  try {
    const findings = backupFindings({ ...backup, volumes: { snapshots: 0, csi: 0, files: 0 } });
    const of = (wanted: Finding["severity"]) =>
      findings
        .filter(({ severity }) => severity === wanted)
        .map(({ object, why, count }) => `${object ? `${refKey(object)}: ` : ""}${why}${count ? ` (${count})` : ""}`);
    return { errors: of("warning"), warnings: of("note") };
  } finally {
    await backup.close();
  }
}

function placed({ namespace, resource, name, text }: BackupRemark): string {
  const place = [namespace, resource, name].filter((part) => part !== undefined).join("/");
  return place === "" ? text : `${place}: ${text}`;
}
