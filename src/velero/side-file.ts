import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isObject } from "../kube/errors.js";
import { parse } from "../kube/json.js";
import { messageOf } from "../model/errors.js";
import type { JsonObject } from "../model/objects.js";
import { refused } from "./refused.js";

/** What velero-backup.json, which lies beside the archive in the object store, says of the backup. */
export interface BackupRecord {
  /** Velero's word: `Completed`, or `PartiallyFailed` where some objects couldn't be read. */
  phase: string;
  errors: number;
  /** Of the API server that was backed up: `v1.24.17`. */
  serverVersion?: string;
  /** ISO 8601, UTC. */
  startedAt?: string;
}

/** Undefined where the file isn't there. Throws `UserError` bundle-invalid where it's of another backup, or can't be read. */
export async function readBackupRecord(archive: string): Promise<BackupRecord | undefined> {
  const file = join(dirname(archive), "velero-backup.json");
  const value = await readFile(file, "utf8").then(parse, (error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw refused(file, `can't be read: ${messageOf(error)}`, error);
  });
  if (value === undefined) return undefined;
  const metadata = objectAt(value, "metadata");
  const status = objectAt(value, "status");
  const name = basename(archive).replace(/\.tar\.gz$/, "");
  if (metadata.name !== name) throw refused(file, `is of backup ${JSON.stringify(metadata.name)}, not of ${name}`);
  const version = objectAt(metadata, "annotations")["velero.io/source-cluster-k8s-gitversion"];
  return {
    phase: String(status.phase ?? ""),
    errors: typeof status.errors === "number" ? status.errors : 0,
    ...(typeof version === "string" && { serverVersion: version }),
    ...(typeof status.startTimestamp === "string" && { startedAt: status.startTimestamp }),
  };
}

function objectAt(value: unknown, field: string): JsonObject {
  const inner = isObject(value) ? value[field] : undefined;
  return isObject(inner) ? inner : {};
}
