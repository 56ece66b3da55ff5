import { drifted, type TrafficEdges } from "./effect.js";
import { lastShift, type ShiftHistory } from "./history.js";
import { stagesOf } from "./stages.js";
import { targetOf } from "./targets/index.js";

/**
 * Whether green serves everything: by the journal, and by the live state of every target.
 *
 * @throws UserError `drifted` where the journal says so and the world doesn't
 */
export async function greenServes(edges: TrafficEdges): Promise<boolean> {
  const last = lastShift(edges.journal.entries());
  if (last?.status !== "moved") return false;
  await verifyMoved(last, edges);
  return true;
}

/** The last look before it is said that green serves everything. @throws UserError `drifted` */
export async function verifyMoved(shift: ShiftHistory, edges: TrafficEdges): Promise<void> {
  const final = new Map(stagesOf(shift).flatMap(({ moves }) => moves.map(({ key, to }) => [key, to] as const)));
  for (const recorded of shift.targets) {
    const target = targetOf(recorded, edges);
    const live = await target.observe();
    const wanted = final.get(recorded.key);
    // A teardown that was interrupted has finished some already: green serves as before.
    const finished = edges.journal
      .entries()
      .some(
        (entry) =>
          entry.type === "intent" &&
          entry.step === `finish-${shift.attempt}/${recorded.key}` &&
          target.same(live, entry.after),
      );
    if (!finished && !target.same(live, wanted)) throw drifted(target, live, wanted);
  }
}
