import { drifted, submit, type TrafficEdges } from "./effect.js";
import { knownStates, type ShiftHistory } from "./history.js";
import { targetOf } from "./targets/index.js";
import type { Move, TrafficTarget } from "./targets/target.js";

export interface ReturnMove extends Move {
  target: TrafficTarget;
  /** True where the target is as recorded already. */
  done: boolean;
}

/**
 * What leads every target back to how it was recorded, the last moved first. Reads the live state of each, needs nothing
 * of green, and writes nothing.
 *
 * @param overwrite keys of targets whose live state may be anything: somebody else's change is then lost
 * @throws UserError `drifted` where a live state is none that this attempt has made
 */
export async function planReturn(
  shift: ShiftHistory,
  edges: TrafficEdges,
  overwrite: readonly string[] = [],
): Promise<ReturnMove[]> {
  const entries = edges.journal.entries();
  const moves: ReturnMove[] = [];
  for (const recorded of [...shift.targets].reverse()) {
    const target = targetOf(recorded, edges);
    const live = await target.observe();
    const ours = [recorded.before, ...knownStates(entries, shift.attempt, recorded.key)];
    const known = ours.some((state) => target.same(live, state));
    if (!known && !overwrite.includes(recorded.key)) throw drifted(target, live, recorded.before);
    moves.push({
      step: `rollback-${shift.attempt}/${recorded.key}`,
      key: recorded.key,
      what: `${recorded.key} back as it was: ${target.describe(recorded.before).join("; ")}`,
      from: live,
      to: recorded.before,
      target,
      done: target.same(live, recorded.before),
    });
  }
  return moves;
}

/**
 * Goes back and says so in the journal. All changes are sent before the first is waited for: what counts is how soon
 * blue answers again. Idempotent, and goes on after a crash.
 */
export async function goBack(
  shift: ShiftHistory,
  edges: TrafficEdges,
  overwrite: readonly string[] = [],
): Promise<number> {
  const { aws, journal } = edges;
  const began = aws.meter.ms();
  const moves = await planReturn(shift, edges, overwrite);
  const settles = [];
  for (const move of moves) {
    const pending = journal.entries().some((entry) => entry.type === "intent" && entry.step === move.step);
    if (!move.done || pending) settles.push(await submit(edges, move.target, move, "rollback"));
  }
  for (const settle of settles) await settle();
  const apiMs = aws.meter.ms() - began;
  await journal.append({
    type: "event",
    phase: "rollback",
    event: "completed",
    data: { attempt: shift.attempt, apiMs },
  });
  return apiMs;
}
