import { drifted, submit, type TrafficEdges } from "./effect.js";
import { knownStates, type ShiftHistory } from "./history.js";
import type { Preparation } from "./preparation/history.js";
import { targetOf } from "./targets/index.js";
import { zoneBatch } from "./targets/route53/zone-batch.js";
import type { Move, TrafficTarget } from "./targets/target.js";

/** Where targets go back to, and what they may be now. */
export interface Return {
  destinations: Destination[];
  /** What the journal says once all are there. */
  completed: { phase: "prepare" | "rollback"; event: "undone" | "completed"; data: Record<string, unknown> };
}

interface Destination {
  step: string;
  target: TrafficTarget;
  to: unknown;
  /** States that are of our making: any other is somebody else's change. */
  ours: unknown[];
}

/**
 * The way back of a shift, the last moved first. `original`: exactly as everything was. `prepared`: what `prepare` did
 * ahead stays, so that the next try needn't wait for old TTLs again.
 */
export function returnOfShift(shift: ShiftHistory, edges: TrafficEdges, to: "original" | "prepared"): Return {
  const entries = edges.journal.entries();
  return {
    destinations: [...shift.targets].reverse().map((recorded) => {
      const base = "base" in recorded ? recorded.base : undefined;
      const prepared = to === "prepared" && base !== undefined;
      return {
        step: `rollback-${shift.attempt}/${recorded.key}${prepared ? "/prepared" : ""}`,
        target: targetOf(recorded, edges),
        to: prepared ? base : recorded.before,
        ours: [
          recorded.before,
          ...(base === undefined ? [] : [base]),
          ...knownStates(entries, shift.attempt, recorded.key),
        ],
      };
    }),
    completed: { phase: "rollback", event: "completed", data: { attempt: shift.attempt } },
  };
}

/** The way back of a preparation: the old TTLs. */
export function returnOfPreparation({ number, zones }: Preparation, { aws, clock }: TrafficEdges): Return {
  return {
    destinations: zones.map(({ key, zoneId, names, before, live, lowered }) => ({
      step: `prepare-${number}/${key}/undo`,
      target: zoneBatch({ key, zoneId, names }, { route53: aws.route53, clock }) as TrafficTarget,
      to: before,
      ours: [before, live, lowered],
    })),
    completed: { phase: "prepare", event: "undone", data: { number } },
  };
}

export interface ReturnMove extends Move {
  target: TrafficTarget;
  /** True where the target is as it shall be already. */
  done: boolean;
}

/**
 * What leads every target back. Reads the live state of each, needs nothing of green, and writes nothing.
 *
 * @param overwrite keys of targets whose live state may be anything: somebody else's change is then lost
 * @throws UserError `drifted` where a live state is none of our making
 */
export async function planReturn({ destinations }: Return, overwrite: readonly string[] = []): Promise<ReturnMove[]> {
  const moves: ReturnMove[] = [];
  for (const { step, target, to, ours } of destinations) {
    const live = await target.observe();
    const known = ours.some((state) => target.same(live, state));
    if (!known && !overwrite.includes(target.key)) throw drifted(target, live, to);
    moves.push({
      step,
      key: target.key,
      what: `${target.key} back as it was: ${target.describe(to).join("; ")}`,
      from: live,
      to,
      target,
      done: target.same(live, to),
    });
  }
  return moves;
}

/**
 * Goes back and says so in the journal. All changes are sent before the first is waited for: what counts is how soon
 * blue answers again. Idempotent, and goes on after a crash.
 */
export async function goBack(way: Return, edges: TrafficEdges, overwrite: readonly string[] = []): Promise<number> {
  const { aws, journal } = edges;
  const { phase, event, data } = way.completed;
  const began = aws.meter.ms();
  const moves = await planReturn(way, overwrite);
  const settles = [];
  for (const move of moves) {
    const pending = journal.entries().some((entry) => entry.type === "intent" && entry.step === move.step);
    if (!move.done || pending) settles.push(await submit(edges, move.target, move, phase, move.from));
  }
  for (const settle of settles) await settle();
  const apiMs = aws.meter.ms() - began;
  await journal.append({ type: "event", phase, event, data: { ...data, apiMs } });
  return apiMs;
}
