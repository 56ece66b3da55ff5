import { KubeError } from "../../kube/api.js";
import { type Edit, type EditState, editHistory, isOurs, type Standing, stepOf, type Verbs } from "../../model/edit.js";
import { UserError } from "../../model/errors.js";
import type { Journal } from "../../model/journal.js";
import { type KubeObject, type ObjectRef, refKey } from "../../model/objects.js";
import { valueAt } from "../fields.js";

/** An object, and how it is reached. */
export type EditedObject = Pick<Edit, "object" | "apiVersion" | "path">;

/** All that an edit may do to a cluster. */
export interface FieldEditor {
  clusterId: string;
  /** Undefined where there is none. */
  get(edited: EditedObject): Promise<KubeObject | undefined>;
  /** Writes the field. Refused by the server (KubeError 409) where the object isn't as it was looked at. */
  set(edited: EditedObject, live: KubeObject, value: Edit["original"]): Promise<void>;
  /** Entries of `managedFields` that have the field, and giving it back to them; where they are kept. */
  owners?: {
    of(live: KubeObject, path: readonly string[]): readonly unknown[];
    giveBack(live: KubeObject, owners: readonly unknown[]): Promise<void>;
  };
}

export interface EditEdges {
  editor: FieldEditor;
  journal: Journal;
  verbs: Verbs;
  /** Stops between two objects; the same command goes on. */
  signal?: AbortSignal;
}

/**
 * - done: set, or put back; - already: it was so before; - left: somebody else changed it meanwhile; - gone: there is no such
 * object any more; - failed: in the server's words.
 */
export interface EditOutcome {
  object: ObjectRef;
  outcome: "done" | "already" | "left" | "gone" | "failed";
  /** What is there instead, or why it failed. */
  detail?: string;
}

/** What shall stand: an edit without what only the world knows. */
export type Wanted = EditedObject & Pick<Edit, "ours">;

/** Controllers write beside us: each such write costs a look. */
const mostLooks = 20;

/**
 * Sets fields, one journalled step each. Called again, also after kill -9, it goes on with what is not done. A field that was
 * set before and is no longer ours is left.
 *
 * @throws UserError `cluster-unreachable`, `interrupted`
 */
export async function setFields(wanted: readonly Wanted[], edges: EditEdges): Promise<EditOutcome[]> {
  return each(wanted, edges, (one) => setField(one, edges));
}

/**
 * Puts back what stands, the last set first. What somebody else changed meanwhile is theirs, and left.
 *
 * @throws UserError `cluster-unreachable`, `interrupted`
 */
export async function putBack(standing: readonly Standing[], edges: EditEdges): Promise<EditOutcome[]> {
  return each([...standing].reverse(), edges, (one) => putFieldBack(one, edges));
}

/** What stands in the editor's cluster, in the order in which it was set. */
export function standingEdits({ editor, journal, verbs }: Pick<EditEdges, "editor" | "journal" | "verbs">): Standing[] {
  return [...editHistory(journal.entries(), verbs, editor.clusterId).standing.values()];
}

type Ended = Omit<EditOutcome, "object">;

async function each<T extends { object: ObjectRef } | Standing>(
  all: readonly T[],
  { signal }: EditEdges,
  work: (one: T) => Promise<Ended>,
): Promise<EditOutcome[]> {
  const outcomes: EditOutcome[] = [];
  for (const one of all) {
    if (signal?.aborted) throw interrupted();
    const object = "edit" in one ? one.edit.object : one.object;
    outcomes.push({ object, ...(await work(one)) });
  }
  return outcomes;
}

async function setField({ ours, ...edited }: Wanted, edges: EditEdges): Promise<Ended> {
  const { editor, journal, verbs } = edges;
  const { object, path } = edited;
  return looking(async () => {
    const live = await editor.get(edited);
    if (!live) return { outcome: "gone" };
    const now = plain(valueAt(live, path));
    const history = editHistory(journal.entries(), verbs, editor.clusterId);
    const last = history.standing.get(refKey(object));
    if (last && !last.done && !last.undoing && now === last.edit.ours) {
      // The process died between the effect and its settling.
      await journal.append({ type: "done", step: stepOf(verbs.set, last.round, object), result: { outcome: "done" } });
      return now === ours ? { outcome: "done" } : undefined;
    }
    if (now === ours) return { outcome: "already" };
    if (last?.done && !last.undoing && now !== last.edit.ours) return { outcome: "left", detail: found(path, now) };
    const again = last && !last.done && last.edit.ours === ours && now === plain(last.before);
    const round = again ? last.round : (history.rounds.get(refKey(object)) ?? 0) + 1;
    const step = stepOf(verbs.set, round, object);
    // What stands is ours already where an earlier step of ours is what was found; else it's somebody's, and goes back to them.
    const carried = last && (now === last.edit.ours || now === plain(last.before)) ? last.edit : undefined;
    const original = carried ? carried.original : now;
    const owners = carried ? carried.owners : editor.owners?.of(live, path);
    if (!again) {
      const edit: Edit = {
        clusterId: editor.clusterId,
        ...edited,
        ...(original !== undefined && { original }),
        ours,
        ...(owners && { owners }),
      };
      await journal.append({
        type: "intent",
        step,
        phase: verbs.set,
        what: `${verbs.set}: ${path.join(".")} ${shown(now)} -> ${shown(ours)}`,
        target: refKey(object),
        before: { edit, ...(now !== undefined && { value: now }) } satisfies EditState,
        after: { edit, value: ours } satisfies EditState,
      });
    }
    return settling(step, edges, async () => {
      await editor.set(edited, live, ours);
      const after = await editor.get(edited);
      return after && plain(valueAt(after, path)) === ours;
    });
  }, edges);
}

async function putFieldBack(standing: Standing, edges: EditEdges): Promise<Ended> {
  const { editor, journal, verbs } = edges;
  const { edit, round } = standing;
  const { object, path, original, owners } = edit;
  const step = stepOf(verbs.undo, round, object);
  let intended = standing.undoing;
  const settle = async (ended: Ended): Promise<Ended> => {
    await journal.append({ type: "done", step, result: { outcome: ended.outcome } });
    return ended;
  };
  return looking(async () => {
    const live = await editor.get(edit);
    const now = live && plain(valueAt(live, path));
    if (live && now !== original && !isOurs(standing, now)) {
      const detail = found(path, now);
      await journal.append({ type: "event", phase: verbs.undo, event: "left", data: { step, found: detail } });
      return { outcome: "left", detail };
    }
    const before: EditState = { edit, ...(now !== undefined && { value: now }) };
    if (!intended) {
      await journal.append({
        type: "intent",
        step,
        phase: verbs.undo,
        what: `${verbs.undo}: ${path.join(".")} ${shown(now)} -> ${shown(original)}`,
        target: refKey(object),
        before,
        after: { edit, ...(original !== undefined && { value: original }) } satisfies EditState,
      });
      if (!live) return settle({ outcome: "gone" });
      if (now === original) return settle({ outcome: "already" });
      intended = true;
    }
    if (!live) return settle({ outcome: "gone" });
    return settling(step, edges, async () => {
      if (now !== original) await editor.set(edit, live, original);
      const after = await editor.get(edit);
      if (after && owners) await editor.owners?.giveBack(after, owners);
      // Where there was no field, servers fill in what they like.
      return !after || original === undefined || plain(valueAt(after, path)) === original;
    });
  }, edges);
}

/** Again as long as the object changes between look and write. */
async function looking(look: () => Promise<Ended | undefined>, { signal }: EditEdges): Promise<Ended> {
  for (let looks = 1; ; looks++) {
    try {
      const ended = await look();
      if (ended) return ended;
      if (looks >= mostLooks) return { outcome: "failed", detail: "somebody else writes it all the time" };
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof KubeError)) throw error;
      if (error.status !== 409 || looks >= mostLooks) return { outcome: "failed", detail: error.message };
    }
  }
}

/** Does the effect of a begun step, and settles it by what is there afterwards. */
async function settling(step: string, { journal }: EditEdges, effect: () => Promise<unknown>): Promise<Ended> {
  try {
    if (await effect()) {
      await journal.append({ type: "done", step, result: { outcome: "done" } });
      return { outcome: "done" };
    }
  } catch (error) {
    if (!(error instanceof KubeError) || error.status === 409) throw error;
    await journal.append({ type: "failed", step, error: error.message });
    return { outcome: "failed", detail: error.message };
  }
  const detail = "the server didn't keep what was written";
  await journal.append({ type: "failed", step, error: detail });
  return { outcome: "failed", detail };
}

function plain(value: unknown): Edit["original"] {
  return ["string", "number", "boolean"].includes(typeof value) ? (value as Edit["original"]) : undefined;
}

function shown(value: unknown): string {
  return value === undefined ? "nothing" : String(value);
}

function found(path: readonly string[], now: unknown): string {
  return `${path.join(".")} is ${shown(now)}`;
}

function interrupted(): UserError {
  return new UserError({
    code: "interrupted",
    what: "Stopped between two steps; everything done so far is in the journal.",
    fix: "The same command goes on.",
  });
}
