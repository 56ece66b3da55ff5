import type { SnapshotsKind } from "../aws/cloud/snapshots.js";
import type { Clock } from "../model/clock.js";
import { formatDuration } from "../model/duration.js";
import { UserError } from "../model/errors.js";
import type { Journal } from "../model/journal.js";
import { finalSnapshotTag, keepUntilTag, snapshotRunTag } from "./tags.js";

/** `snapshot/vol-0123` */
export const snapshotPrefix = "snapshot/";
const volumeTag = "clustershift:volume";
const pollMs = 15_000;

/** What an intent to take one records. */
export interface SnapshotIntent {
  volume: string;
  /** The PersistentVolume, for people. */
  of: string;
  keepUntil: string;
}

export interface SnapshotEdges {
  snapshots: Pick<SnapshotsKind, "create" | "tagged">;
  journal: Journal;
  clock: Clock;
  signal?: AbortSignal;
  onProgress?: (line: string) => void;
}

/** What a snapshot is tagged with beside its volume. */
export interface SnapshotTerms {
  /** Blue's name in tags. */
  cluster: string;
  run: string;
  keepForMs: number;
  timeoutMs: number;
}

/**
 * Takes one snapshot of each volume, all at the same time, and waits until AWS has completed them. Volumes of which the journal has
 * one are left alone; one that a crash lost the answer of is found again by its tags.
 *
 * @throws UserError `effect-failed` where AWS couldn't, `interrupted`
 */
export async function takeFinalSnapshots(
  volumes: readonly { id: string; of: string }[],
  terms: SnapshotTerms,
  edges: SnapshotEdges,
): Promise<void> {
  const { journal, clock, signal, onProgress } = edges;
  const pending = new Map<string, string>();
  for (const { id, of } of volumes) {
    if (signal?.aborted) throw interrupted();
    if (isDone(journal, id)) continue;
    const intent = openIntent(journal, id) ?? (await begin(id, of, terms, edges));
    const [taken] = await found(id, terms, edges);
    pending.set(
      id,
      taken?.id ?? (await edges.snapshots.create(id, descriptionOf(intent, terms), tagsOf(intent, terms))),
    );
  }
  const until = clock.now() + terms.timeoutMs;
  while (pending.size > 0) {
    for (const [volume, snapshot] of pending) {
      const state = (await found(volume, terms, edges)).find(({ id }) => id === snapshot);
      if (state?.state === "error") throw await failed(volume, `AWS could not complete ${snapshot}`, journal);
      if (state?.state !== "completed") continue;
      await journal.append({ type: "done", step: `${snapshotPrefix}${volume}`, result: { snapshot } });
      onProgress?.(`${snapshot} of ${volume} is complete`);
      pending.delete(volume);
    }
    if (pending.size === 0) return;
    if (clock.now() >= until) {
      const [volume = ""] = pending.keys();
      throw await failed(volume, `not complete after ${formatDuration(terms.timeoutMs)}`, journal);
    }
    onProgress?.(`waiting for ${pending.size} snapshot(s)`);
    await clock.sleep(pollMs, signal).catch((error: unknown) => {
      throw signal?.aborted ? interrupted() : error;
    });
  }
}

async function begin(volume: string, of: string, terms: SnapshotTerms, { journal, clock }: SnapshotEdges) {
  const keepUntil = new Date(clock.now() + terms.keepForMs).toISOString();
  const intent: SnapshotIntent = { volume, of, keepUntil };
  await journal.append({
    ...{ type: "intent", step: `${snapshotPrefix}${volume}`, phase: "teardown" },
    ...{ what: `take a final snapshot of ${of}`, target: volume, before: intent, after: null },
  });
  return intent;
}

/** Snapshots of a volume that this run has taken and that are of use. */
async function found(volume: string, { cluster, run }: SnapshotTerms, { snapshots }: SnapshotEdges) {
  const all = await snapshots.tagged({ [finalSnapshotTag]: cluster, [snapshotRunTag]: run, [volumeTag]: volume });
  const sound = all.filter(({ state }) => state !== "error");
  return sound.length > 0 ? sound : all;
}

function tagsOf({ volume, of, keepUntil }: SnapshotIntent, { cluster, run }: SnapshotTerms): Record<string, string> {
  return {
    Name: `${cluster} ${of}`.slice(0, 255),
    [finalSnapshotTag]: cluster,
    [snapshotRunTag]: run,
    [volumeTag]: volume,
    [keepUntilTag]: keepUntil,
  };
}

const descriptionOf = ({ of }: SnapshotIntent, { cluster }: SnapshotTerms): string =>
  `Last of ${cluster} before it was removed: ${of}`.slice(0, 255);

function isDone(journal: Journal, volume: string): boolean {
  const step = `${snapshotPrefix}${volume}`;
  return journal.entries().some((entry) => entry.type === "done" && entry.step === step);
}

function openIntent(journal: Journal, volume: string): SnapshotIntent | undefined {
  const step = `${snapshotPrefix}${volume}`;
  const last = journal.entries().findLast((entry) => entry.type !== "event" && entry.step === step);
  return last?.type === "intent" ? (last.before as SnapshotIntent) : undefined;
}

async function failed(volume: string, why: string, journal: Journal): Promise<UserError> {
  await journal.append({ type: "failed", step: `${snapshotPrefix}${volume}`, error: why });
  return new UserError({
    code: "effect-failed",
    what: `The final snapshot of ${volume}: ${why}. Blue was not removed.`,
    fix: "See it in EC2's console; delete one that failed. The same command then goes on.",
  });
}

function interrupted(): UserError {
  return new UserError({
    code: "interrupted",
    what: "Stopped while AWS completes snapshots; everything done so far is in the journal.",
    fix: "The same command goes on.",
  });
}
