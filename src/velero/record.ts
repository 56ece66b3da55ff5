import { UserError } from "../model/errors.js";
import { isObject, objectAt } from "../model/json.js";
import type { BackupFiles } from "./files.js";
import type { Limits } from "./limits.js";
import { parseJson } from "./parse-json.js";
import { refused } from "./refused.js";
import { type BackupScope, scopeOf } from "./scope.js";

/** Velero's own word on a backup, which lies beside its archive. */
export const recordFile = "velero-backup.json";

/** What velero-backup.json says of the backup. */
export interface BackupRecord {
  /** Velero's word: `Completed`, or `PartiallyFailed` where some objects couldn't be read. */
  phase: string;
  errors: number;
  warnings: number;
  /** Items that Velero took up, each version of an object by itself; of old Veleros nothing says it. */
  items?: number;
  /** Of the API server that was backed up: `v1.24.17`. */
  serverVersion?: string;
  /** ISO 8601, UTC. */
  startedAt?: string;
  /** When Velero deletes it by itself. ISO 8601, UTC. */
  expiresAt?: string;
  /** Velero's Schedule that made it; absent where somebody asked for it. */
  schedule?: string;
  scope: BackupScope;
}

/** Throws `UserError` bundle-invalid where it's of another backup, or can't be read; undefined where there is none. */
export async function readRecord(
  files: BackupFiles,
  limits: Limits,
  signal?: AbortSignal,
): Promise<BackupRecord | undefined> {
  const size = files.sizes.get(recordFile);
  if (size === undefined) return undefined;
  const where = files.shown(recordFile);
  if (size > limits.recordBytes) throw refused(where, `has ${size} bytes, more than ${limits.recordBytes}`);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of files.read(recordFile, signal)) {
    bytes += chunk.length;
    if (bytes > limits.recordBytes) throw refused(where, `has more than ${limits.recordBytes} bytes`);
    chunks.push(chunk);
  }
  return parseRecord(Buffer.concat(chunks), files.name, where, limits);
}

export function parseRecord(bytes: Uint8Array, name: string, where: string, limits: Limits): BackupRecord {
  const value = parseJson(bytes, where, limits);
  if (!isObject(value) || value.kind !== "Backup")
    throw refused(where, "is no Backup of Velero's", undefined, "unreadable");
  const metadata = objectAt(value, "metadata");
  const status = objectAt(value, "status");
  if (metadata.name !== name) throw refused(where, `is of backup ${JSON.stringify(metadata.name)}, not of ${name}`);
  const version = objectAt(metadata, "annotations")["velero.io/source-cluster-k8s-gitversion"];
  const schedule = objectAt(metadata, "labels")["velero.io/schedule-name"];
  const items = objectAt(status, "progress").itemsBackedUp;
  return {
    phase: String(status.phase ?? ""),
    errors: countIn(status.errors),
    warnings: countIn(status.warnings),
    ...(typeof items === "number" && { items }),
    ...(typeof version === "string" && { serverVersion: version }),
    ...(typeof status.startTimestamp === "string" && { startedAt: status.startTimestamp }),
    ...(typeof status.expiration === "string" && { expiresAt: status.expiration }),
    ...(typeof schedule === "string" && { schedule }),
    scope: scopeOf(objectAt(value, "spec")),
  };
}

/** PartiallyFailed has ended, and is warned of: it may be all that there is. Throws `UserError` bundle-invalid otherwise. */
export function requireFinished(where: string, { phase }: BackupRecord): void {
  if (["Completed", "PartiallyFailed"].includes(phase)) return;
  const what = `${where}: its ${recordFile} says ${phase || "no phase"}: it isn't whole.`;
  throw new UserError({
    code: "bundle-invalid",
    what,
    fix: "Take another backup of blue, or an older one from the object store.",
    defects: [{ id: "incomplete", what }],
  });
}

function countIn(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
