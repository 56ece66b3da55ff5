import { interruptible, submit, type TrafficEdges } from "./effect.js";
import { lastShift } from "./history.js";
import { takeTags } from "./marks/tags.js";
import { stagesOf } from "./stages.js";
import { finishedState, finishesFirst, targetOf } from "./targets/index.js";
import type { FinishTerms, Move, TrafficTarget } from "./targets/target.js";

/** What must go before blue can be removed, and what is left for when it is gone. */
export type When = "before blue" | "after blue";

interface FinishMove extends Move {
  target: TrafficTarget;
}

/** What finishTraffic would do: one line for each part that changes. Asks nobody, and writes nothing. */
export function planFinish(when: When, terms: FinishTerms, edges: TrafficEdges): string[] {
  return movesOf(when, terms, edges).flatMap(({ target, from, to }) => {
    const before = new Set(target.describe(from));
    const after = new Set(target.describe(to));
    return [
      ...[...before].filter((line) => !after.has(line)).map((line) => `- ${line}`),
      ...[...after].filter((line) => !before.has(line)).map((line) => `+ ${line}`),
    ];
  });
}

/**
 * Leaves the targets as they shall stay once blue is gone: nothing points at it any more, and what was prepared for the shift is
 * as before. The same call goes on after a crash.
 *
 * @throws UserError `drifted`, `effect-failed`, `aws-failed`, `interrupted`
 */
export async function finishTraffic(when: When, terms: FinishTerms, edges: TrafficEdges): Promise<string[]> {
  return interruptible(edges.signal, async () => {
    const lines = planFinish(when, terms, edges);
    const settles = [];
    for (const move of movesOf(when, terms, edges)) settles.push(await submit(edges, move.target, move, "teardown"));
    for (const settle of settles) await settle();
    const trouble = when === "after blue" ? await takeTags(edges) : undefined;
    return trouble === undefined ? lines : [...lines, trouble];
  });
}

function movesOf(when: When, terms: FinishTerms, edges: TrafficEdges): FinishMove[] {
  const shift = lastShift(edges.journal.entries());
  if (shift?.status !== "moved") return [];
  const final = new Map(stagesOf(shift).flatMap(({ moves }) => moves.map(({ key, to }) => [key, to] as const)));
  return shift.targets.flatMap((recorded) => {
    if (finishesFirst(recorded) !== (when === "before blue")) return [];
    const to = finishedState(recorded, terms);
    const from = final.get(recorded.key);
    const target = targetOf(recorded, edges);
    if (to === undefined || from === undefined || target.same(from, to)) return [];
    const { key } = recorded;
    return [{ step: `finish-${shift.attempt}/${key}`, key, what: `${key} as it stays without blue`, from, to, target }];
  });
}
