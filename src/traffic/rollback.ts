import { interruptible, type TrafficEdges } from "./effect.js";
import { lastShift, type ShiftHistory } from "./history.js";
import { takeTags } from "./marks/tags.js";
import { standingPreparation } from "./preparation/history.js";
import { goBack, planReturn, type Return, returnOfPreparation, returnOfShift } from "./way-back.js";

export interface RollbackPlan {
  /** The attempt at a cutover that would be undone; undefined where there is none: blue serves, and at most TTLs go back. */
  attempt: number | undefined;
  moves: { key: string; what: string; done: boolean; now: string[]; after: string[] }[];
}

export interface RollbackOptions {
  /** Keys of targets that go back even though somebody else changed them: that change is lost. */
  overwrite?: readonly string[];
}

export type RollbackResult =
  | { outcome: "nothing-to-do" }
  /** There was no shift to undo; the TTLs are as before they were prepared. */
  | { outcome: "unprepared"; apiMs: number }
  /** `apiMs`: time spent in AWS calls, milliseconds. */
  | {
      outcome: "moved-back";
      attempt: number;
      apiMs: number;
      /** Why tags of the shift are still on what it moved: traffic is back all the same, and the same call takes them off. */
      trouble?: string;
    };

/** What rollback would do now: writes nothing. @throws UserError `drifted` */
export async function planRollback(edges: TrafficEdges, { overwrite }: RollbackOptions = {}): Promise<RollbackPlan> {
  const shift = toUndo(edges);
  const way = shift ? returnOfShift(shift, edges, "original") : preparationBack(edges);
  if (!way) return { attempt: undefined, moves: [] };
  const moves = await planReturn(way, overwrite);
  return {
    attempt: shift?.attempt,
    moves: moves.map(({ key, what, done, from, to, target }) => ({
      key,
      what,
      done,
      now: target.describe(from),
      after: target.describe(to),
    })),
  };
}

/**
 * Brings every target back exactly as it was before the cutover and what was prepared for it, from the journal alone: no
 * green, no bundle, no plan. The same call goes on after a crash, and does nothing where there is nothing to undo.
 *
 * @throws UserError `drifted` before anything is written, `effect-failed`, `aws-failed`, `interrupted`
 */
export async function rollback(edges: TrafficEdges, { overwrite = [] }: RollbackOptions = {}): Promise<RollbackResult> {
  return interruptible(edges.signal, async () => {
    let result: RollbackResult = { outcome: "nothing-to-do" };
    const shift = toUndo(edges);
    if (shift) {
      const { attempt } = shift;
      if (shift.status !== "returning") {
        const data = { attempt, overwrite };
        await edges.journal.append({ type: "event", phase: "rollback", event: "started", data });
      }
      const apiMs = await goBack(returnOfShift(shift, edges, "original"), edges, overwrite);
      result = { outcome: "moved-back", attempt, apiMs };
    }
    const trouble = await takeTags(edges);
    if (trouble !== undefined && result.outcome === "moved-back") result.trouble = trouble;
    const prepared = preparationBack(edges);
    if (!prepared) return result;
    const apiMs = await goBack(prepared, edges, overwrite);
    return result.outcome === "moved-back"
      ? { ...result, apiMs: result.apiMs + apiMs }
      : { outcome: "unprepared", apiMs };
  });
}

function toUndo({ journal }: TrafficEdges): ShiftHistory | undefined {
  const last = lastShift(journal.entries());
  return last?.status === "returned" ? undefined : last;
}

function preparationBack(edges: TrafficEdges): Return | undefined {
  const prepared = standingPreparation(edges.journal.entries());
  return prepared && returnOfPreparation(prepared, edges);
}
