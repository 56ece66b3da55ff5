import { failureKind } from "../aws/retry.js";
import { messageOf, UserError } from "../model/errors.js";
import { stepHistory } from "./history.js";
import type { Move, TargetEdges, TrafficTarget } from "./targets/target.js";

/** What every effect on traffic needs. */
export interface TrafficEdges extends TargetEdges {
  /** Aborted by Ctrl-C: nothing new is begun. */
  signal?: AbortSignal;
}

/** Waits until the world acts by a move, and says so in the journal. */
export type Settle = () => Promise<void>;

const tries = 3;

/**
 * Does one move: intent, effect. What came before it, a crash included, is settled first by looking at the journal and at
 * the world. A move that is live already is not done again; a target that is neither as it was nor as it shall be was
 * changed by somebody else, and stops everything.
 *
 * @param seen the target's state, where the caller has just looked
 */
export async function submit(
  edges: TrafficEdges,
  target: TrafficTarget,
  move: Move,
  phase: "prepare" | "cutover" | "rollback" | "teardown",
  seen?: unknown,
): Promise<Settle> {
  const { journal, signal } = edges;
  const { intended, done, changeId } = stepHistory(journal.entries(), move.step);
  const live = seen ?? (await target.observe());
  if (done && target.same(live, move.to)) return async () => {};
  if (intended && !done && target.same(live, move.to)) return settling(edges, target, move, changeId);
  if (done || !target.same(live, move.from)) throw drifted(target, live, done ? move.to : move.from);
  throwIfInterrupted(signal);
  if (!intended) {
    const { step, what, from, to } = move;
    await journal.append({ type: "intent", step, phase, what, target: target.key, before: from, after: to });
  }
  const submitted = await effect(edges, target, { ...move, from: live });
  if (submitted) {
    const data = { step: move.step, changeId: submitted };
    await journal.append({ type: "event", phase, event: "submitted", data });
  }
  return settling(edges, target, move, submitted);
}

/** Besides waiting it looks whether what was written is what is there. */
function settling({ journal, signal }: TrafficEdges, target: TrafficTarget, move: Move, changeId?: string): Settle {
  return async () => {
    const live = await target.settle(move.to, changeId, signal);
    if (!target.same(live, move.to)) throw drifted(target, live, move.to);
    await journal.append({ type: "done", step: move.step, result: changeId ? { changeId } : {} });
  };
}

/** An error says little of what became of the effect: only the world knows, so it is asked before anything is repeated. */
async function effect({ journal }: TrafficEdges, target: TrafficTarget, move: Move): Promise<string | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await target.move(move.from, move.to, `clustershift ${move.step}`);
    } catch (error) {
      const live = await target.observe();
      if (target.same(live, move.to)) return undefined;
      if (!target.same(live, move.from)) throw drifted(target, live, move.from);
      const cause = error instanceof UserError ? error.cause : error;
      const unclear = cause !== undefined && failureKind(cause) === "unclear";
      if (unclear && attempt < tries) continue;
      await journal.append({ type: "failed", step: move.step, error: messageOf(error) });
      if (error instanceof UserError && error.code !== "aws-failed") throw error;
      throw new UserError({
        code: "effect-failed",
        what: `${move.what} failed: ${messageOf(error)}`,
        fix: `${error instanceof UserError ? error.fix : "Mend the cause."} The same command then goes on, and \`clustershift rollback\` goes back.`,
        cause: error,
      });
    }
  }
}

export function drifted(target: TrafficTarget, live: unknown, ...expected: unknown[]): UserError {
  const lines = (state: unknown) => target.describe(state).map((line) => `    ${line}`);
  return new UserError({
    code: "drifted",
    what: [
      `${target.key} was changed by somebody else; nothing more was written.`,
      "  It is now:",
      ...lines(live),
      ...expected.flatMap((state) => ["  It should be:", ...lines(state)]),
    ].join("\n"),
    fix: "Find out who changed it and why. Put it back as it should be, then run the same command again.",
  });
}

export function throwIfInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw interrupted();
}

function interrupted(): UserError {
  return new UserError({
    code: "interrupted",
    what: "Stopped between two steps; everything done so far is in the journal.",
    fix: "The same command goes on; `clustershift rollback` goes back.",
  });
}

/** Runs a story; whatever an abort makes its waits throw becomes `interrupted`. */
export async function interruptible<T>(signal: AbortSignal | undefined, story: () => Promise<T>): Promise<T> {
  try {
    return await story();
  } catch (error) {
    if (signal?.aborted && !(error instanceof UserError)) throw interrupted();
    throw error;
  }
}
