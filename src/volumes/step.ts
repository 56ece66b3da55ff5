import { messageOf } from "../model/errors.js";
import type { Journal, JournalEntry, JournalRecord, StepId } from "../model/journal.js";

type Intent = Extract<JournalRecord, { type: "intent" }>;

/** One effect for a volume's sake. */
export interface Effect<Result> extends Pick<Intent, "step" | "what" | "target"> {
  before?: unknown;
  after?: unknown;
  /** What the effect would have made, where it is there. Asked before it is tried, and where it is unclear whether it was done. */
  find(): Promise<Result | undefined>;
  make(): Promise<Result>;
}

/**
 * Does an effect once, whoever was killed before: what the journal has settled is taken from there, and what is there already isn't made
 * again. Intended before, settled after.
 */
export async function once<Result>(effect: Effect<Result>, journal: Journal): Promise<Result> {
  const { step, what, target, before = null, after = null } = effect;
  const last = lastOf(journal.entries(), step);
  if (last?.type === "done") return last.result as Result;
  let result = await effect.find();
  if (last?.type !== "intent")
    await journal.append({ type: "intent", step, phase: "volumes", what, target, before, after });
  if (result === undefined) {
    try {
      result = await effect.make();
    } catch (error) {
      // Its answer may be lost, and not the effect.
      result = await effect.find().catch(() => undefined);
      if (result === undefined) {
        await journal.append({ type: "failed", step, error: messageOf(error) });
        throw error;
      }
    }
  }
  await journal.append({ type: "done", step, result });
  return result;
}

/** The last entry of a step. */
export function lastOf(entries: readonly JournalEntry[], step: StepId) {
  const last = entries.findLast((entry) => entry.type !== "event" && entry.step === step);
  return last?.type === "event" ? undefined : last;
}

/** What a step settled as; undefined where it didn't. */
export function resultOf<Result>(entries: readonly JournalEntry[], step: StepId): Result | undefined {
  const last = lastOf(entries, step);
  return last?.type === "done" ? (last.result as Result) : undefined;
}
