import { interruptible, type TrafficEdges } from "./effect.js";
import { lastShift, type ShiftHistory } from "./history.js";
import { goBack, planReturn } from "./way-back.js";

export interface RollbackPlan {
  /** The attempt at a cutover that would be undone; undefined where there is none: blue serves. */
  attempt: number | undefined;
  moves: { key: string; what: string; done: boolean; now: string[]; after: string[] }[];
}

export interface RollbackOptions {
  /** Keys of targets that go back even though somebody else changed them: that change is lost. */
  overwrite?: readonly string[];
}

export type RollbackResult =
  | { outcome: "nothing-to-do" }
  /** `apiMs`: time spent in AWS calls, milliseconds. */
  | { outcome: "moved-back"; attempt: number; apiMs: number };

/** What rollback would do now: writes nothing. @throws UserError `drifted` */
export async function planRollback(edges: TrafficEdges, { overwrite }: RollbackOptions = {}): Promise<RollbackPlan> {
  const shift = toUndo(edges);
  if (!shift) return { attempt: undefined, moves: [] };
  const moves = await planReturn(shift, edges, overwrite);
  return {
    attempt: shift.attempt,
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
 * Brings every target back exactly as it was before the cutover, from the journal alone: no green, no bundle, no plan. The
 * same call goes on after a crash, and does nothing where there is nothing to undo.
 *
 * @throws UserError `drifted` before anything is written, `effect-failed`, `aws-failed`, `interrupted`
 */
export async function rollback(edges: TrafficEdges, { overwrite = [] }: RollbackOptions = {}): Promise<RollbackResult> {
  return interruptible(edges.signal, async () => {
    const shift = toUndo(edges);
    if (!shift) return { outcome: "nothing-to-do" };
    const { attempt } = shift;
    if (shift.status !== "returning") {
      await edges.journal.append({ type: "event", phase: "rollback", event: "started", data: { attempt, overwrite } });
    }
    return { outcome: "moved-back", attempt, apiMs: await goBack(shift, edges, overwrite) };
  });
}

function toUndo({ journal }: TrafficEdges): ShiftHistory | undefined {
  const last = lastShift(journal.entries());
  return last?.status === "returned" ? undefined : last;
}
