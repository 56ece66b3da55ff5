import type { JournalEntry } from "./journal.js";
import { type ObjectRef, refKey } from "./objects.js";

/**
 * One field of one object that clustershift sets for a while, and puts back. Two stories are told so: floors of green's
 * replicas (warm, cool), and blue's exclusive workloads (stop, start).
 */
export interface Edit {
  /** Of the cluster whose object it is. */
  clusterId: string;
  object: ObjectRef;
  apiVersion: string;
  /** Field names, e.g. `["spec", "minReplicas"]`. */
  path: readonly string[];
  /** What was there before we first came; absent where there was nothing. Plain JSON, as is `ours`. */
  original?: string | number | boolean;
  ours: string | number | boolean;
  /** Entries of `managedFields` that had the field. */
  owners?: readonly unknown[];
}

/** How a story's steps are called: `warm-1/HorizontalPodAutoscaler.autoscaling shop/web` and `cool-1/…`. */
export interface Verbs {
  set: "warm" | "stop";
  undo: "cool" | "start";
}

export const floors: Verbs = { set: "warm", undo: "cool" };
export const handOver: Verbs = { set: "stop", undo: "start" };

/** An edit that stands, or may stand, as far as the journal knows. */
export interface Standing {
  edit: Edit;
  /** What was there right before the step; the original, unless a step of ours came before. */
  before?: unknown;
  round: number;
  /** The step that set it was settled. */
  done: boolean;
  /** The step that puts it back was begun. */
  undoing: boolean;
}

export function stepOf(verb: Verbs["set"] | Verbs["undo"], round: number, object: ObjectRef): string {
  return `${verb}-${round}/${refKey(object)}`;
}

/** What an intent records: `before` is the value that was found. */
export interface EditState {
  edit: Edit;
  value?: unknown;
}

export interface EditHistory {
  /** By `refKey`, in the order in which they were first set. */
  standing: Map<string, Standing>;
  /** How many rounds an object had, by `refKey`. */
  rounds: Map<string, number>;
}

/** Edits of one cluster that were begun and not put back. Pure: the journal says all. */
export function editHistory(journal: readonly JournalEntry[], verbs: Verbs, clusterId: string): EditHistory {
  const standing = new Map<string, Standing>();
  const rounds = new Map<string, number>();
  const keys = new Map<string, string>();
  for (const entry of journal) {
    if (entry.type === "event") {
      const left =
        entry.phase === verbs.undo && entry.event === "left" ? (entry.data as { step?: unknown }) : undefined;
      const key = keys.get(String(left?.step));
      if (key !== undefined) standing.delete(key);
      continue;
    }
    const [, verb, number] = /^(\w+)-(\d+)\//.exec(entry.step) ?? [];
    if (verb !== verbs.set && verb !== verbs.undo) continue;
    if (entry.type === "intent") {
      const { edit, value } = entry.before as EditState;
      if (edit.clusterId !== clusterId) continue;
      const key = refKey(edit.object);
      const round = Number(number);
      keys.set(entry.step, key);
      keys.set(stepOf(verbs.undo, round, edit.object), key);
      rounds.set(key, round);
      if (verb === verbs.set) standing.set(key, { edit, before: value, round, done: false, undoing: false });
      else mark(standing.get(key), { undoing: true });
    } else if (entry.type === "done") {
      const key = keys.get(entry.step);
      if (key === undefined) continue;
      if (verb === verbs.set) mark(standing.get(key), { done: true });
      else standing.delete(key);
    }
  }
  return { standing, rounds };
}

/** Edits of whichever cluster that were begun and not put back. */
export function standingAnywhere(journal: readonly JournalEntry[], verbs: Verbs): Standing[] {
  const clusters = journal.flatMap((entry) =>
    entry.type === "intent" && entry.step.startsWith(`${verbs.set}-`)
      ? [(entry.before as EditState).edit.clusterId]
      : [],
  );
  return [...new Set(clusters)].flatMap((clusterId) => [...editHistory(journal, verbs, clusterId).standing.values()]);
}

function mark(standing: Standing | undefined, change: Partial<Standing>): void {
  if (standing) Object.assign(standing, change);
}

/** Whether a value is what we made of the field, or may have been about to make of it. */
export function isOurs({ edit, before, done }: Standing, now: unknown): boolean {
  return now === edit.ours || (!done && now === before && before !== edit.original);
}
