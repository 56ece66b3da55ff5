import { KubeError } from "../kube/api.js";
import type { KubeBackUp } from "../kube/back-up.js";
import { sha256 } from "../model/canonical.js";
import type { Clock } from "../model/clock.js";
import { UserError } from "../model/errors.js";
import { isObject } from "../model/json.js";
import type { JsonObject, KubeObject } from "../model/objects.js";
import { backups, veleroApi } from "./kinds.js";
import { find } from "./known-backup.js";

/** Of which specification a backup was asked for: another one of that name isn't ours. */
const specAnnotation = "clustershift.dev/spec";
/** Milliseconds between two looks. */
const pause = 1_000;

/** Velero's Backup, as it's created. Pure. */
export function backupOf(name: string, namespace: string, spec: JsonObject): KubeObject {
  return {
    apiVersion: veleroApi,
    kind: "Backup",
    metadata: { name, namespace, annotations: { [specAnnotation]: sha256(spec) } },
    spec,
  };
}

/** What Velero says of a backup at a moment. */
export interface BackupState {
  /** `New`, `InProgress`, `Completed`, `PartiallyFailed`, … */
  phase: string;
  done: number;
  /** Once Velero knows it. */
  total?: number;
  errors: number;
  warnings: number;
  /** Why it was not begun, or failed as a whole. */
  reasons: string[];
  expiresAt?: string;
  startedAt?: string;
  storageLocation?: string;
}

export function stateOf({ spec, status }: KubeObject): BackupState {
  const its = isObject(status) ? status : {};
  const progress = isObject(its.progress) ? its.progress : {};
  const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
  const count = (value: unknown): number => (typeof value === "number" ? value : 0);
  const invalid = Array.isArray(its.validationErrors) ? its.validationErrors.map(String) : [];
  const failure = text(its.failureReason);
  const [expiresAt, startedAt] = [text(its.expiration), text(its.startTimestamp)];
  const storageLocation = isObject(spec) ? text(spec.storageLocation) : undefined;
  return {
    phase: text(its.phase) ?? "New",
    done: count(progress.itemsBackedUp),
    ...(typeof progress.totalItems === "number" && { total: progress.totalItems }),
    errors: count(its.errors),
    warnings: count(its.warnings),
    reasons: [...invalid, ...(failure === undefined ? [] : [failure])],
    ...(expiresAt && { expiresAt }),
    ...(startedAt && { startedAt }),
    ...(storageLocation && { storageLocation }),
  };
}

/**
 * Creates a backup, and tells whether it was there already by an earlier call.
 *
 * @throws UserError `usage` where there is one of that name that nobody asked for in this way; `velero-unready` where there is no Velero
 */
export async function createBackup(blue: KubeBackUp, backup: KubeObject): Promise<"made" | "there"> {
  const found = await findBackup(blue, backup);
  if (found) return sameAs(backup, found);
  try {
    await blue.create(backup);
    return "made";
  } catch (error) {
    // An answer may be lost, and not the effect.
    const other = await findBackup(blue, backup).catch(() => undefined);
    if (other) return sameAs(backup, other);
    if (error instanceof KubeError)
      throw new UserError({
        code: "velero-unready",
        what: `${blue.name} refuses the Backup ${backup.metadata.name}: ${error.message}`,
        fix: "Mend backup.velero.spec, or what its identity may do: clustershift permissions blue-backup",
        cause: error,
      });
    throw error;
  }
}

function sameAs({ metadata }: KubeObject, found: KubeObject): "there" {
  if (found.metadata.annotations?.[specAnnotation] === metadata.annotations?.[specAnnotation]) return "there";
  throw new UserError({
    code: "usage",
    what: `There is a backup ${metadata.name} on blue already, and it's another one: it was asked for by somebody else, or with other settings.`,
    fix: "Name another one: clustershift backup create NAME",
  });
}

const findBackup = (blue: KubeBackUp, { metadata }: KubeObject) =>
  find(blue, backups, metadata.namespace ?? "", metadata.name);

const ended = ["Completed", "PartiallyFailed", "Failed", "FailedValidation"];

/**
 * Waits until Velero has ended a backup. Velero goes on without us.
 *
 * @throws UserError `interrupted`, `effect-failed` where the time is over, `backup-failed` where somebody deleted it
 */
export async function untilEnded(
  blue: KubeBackUp,
  backup: KubeObject,
  edges: { clock: Clock; signal: AbortSignal; timeoutMs: number; onProgress(state: BackupState): void },
): Promise<BackupState> {
  const { clock, signal, timeoutMs } = edges;
  const { name } = backup.metadata;
  const until = clock.now() + timeoutMs;
  const fix = `The same command goes on waiting: clustershift backup create ${name}`;
  for (let words = "New"; ; ) {
    const goesOn = `Velero goes on with backup ${name} by itself: it is ${words}.`;
    if (signal.aborted) throw new UserError({ code: "interrupted", what: goesOn, fix });
    const found = await findBackup(blue, backup);
    if (!found || found.metadata.deletionTimestamp !== undefined)
      throw new UserError({
        code: "backup-failed",
        what: `Backup ${name} was deleted on blue before it had ended.`,
        fix: "clustershift backup create",
      });
    const state = stateOf(found);
    if (ended.includes(state.phase)) return state;
    edges.onProgress(state);
    words = `${state.phase}${state.total === undefined ? "" : `, ${state.done} of ${state.total} items`}`;
    if (clock.now() >= until)
      throw new UserError({ code: "effect-failed", what: `${goesOn} It has not ended in time.`, fix });
    await clock.sleep(pause, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}
