import type { CloudLook, JudgedResource } from "../model/cloud.js";
import type { JournalEntry } from "../model/journal.js";
import type { FinalSnapshot, TeardownReceipt } from "../model/teardown.js";
import { drainPrefix } from "./drain.js";
import { type SnapshotIntent, snapshotPrefix } from "./final-snapshots.js";

/** What became of blue: what was done by the journal, and what is there by the last look. Pure. */
export function receiptOf(
  journal: readonly JournalEntry[],
  look: CloudLook,
  { at, blue, bundle }: Pick<TeardownReceipt, "at" | "blue" | "bundle">,
): TeardownReceipt {
  const steps = settled(journal);
  const removed = steps.flatMap(({ step, before, at: when }) => {
    if (!step.startsWith("sweep/") || step.startsWith("sweep/security-group-rules/")) return [];
    const { kind, id, name, because } = before as JudgedResource;
    return [{ kind, id, name, because, at: when }];
  });
  const gone = new Set(removed.map(({ id }) => id));
  const there = look.resources.filter(({ id }) => !gone.has(id));
  return {
    format: 1,
    at,
    blue,
    goneAt: steps.find(({ step }) => step.startsWith("teardown/"))?.at ?? at,
    bundle,
    drained: steps
      .filter(({ step }) => step.startsWith(drainPrefix))
      .map(({ step, at: when }) => ({ object: step.slice(drainPrefix.length), at: when })),
    snapshots: steps.flatMap(({ step, before, result, at: when }): FinalSnapshot[] => {
      if (!step.startsWith(snapshotPrefix)) return [];
      const { volume, of, keepUntil } = before as SnapshotIntent;
      return [{ id: (result as { snapshot: string }).snapshot, volume, of, at: when, keepUntil }];
    }),
    removed,
    kept: there.filter((each): each is Required<JudgedResource> => each.kept !== undefined),
    left: there.filter(({ kept }) => kept === undefined),
    unseen: look.unseen,
  };
}

/** Every step that was done, with what its intent said: in the order in which they were done. */
function settled(journal: readonly JournalEntry[]) {
  const intents = new Map<string, unknown>();
  return journal.flatMap((entry) => {
    if (entry.type === "intent") intents.set(entry.step, entry.before);
    if (entry.type !== "done") return [];
    return [{ step: entry.step, before: intents.get(entry.step), result: entry.result, at: entry.at }];
  });
}
