import { UserError } from "../../../model/errors.js";
import type { JournalEntry } from "../../../model/journal.js";
import type { TargetEdges, TrafficTarget } from "../target.js";
import type { RecordedManual, Side } from "./recorded.js";

/**
 * One thing that a person moves. Nobody can look at it, so its state is what people said: the journal's `confirmed` and `told`. To green
 * it moves once somebody says so. On the way back she is told what to do and nobody waits for her: the rest must not.
 */
export function manualTask(
  { key, name, green, blue }: RecordedManual,
  { journal, confirm }: Pick<TargetEdges, "journal" | "confirm">,
): TrafficTarget<Side> {
  return {
    key,
    observe: async () => lastSaid(journal.entries(), key),
    same: (a, b) => a === b,
    describe: (side) => [`${name}, by hand: ${side === "green" ? green : blue}`],
    async move(_from, to) {
      if (to === "blue") {
        await journal.append({ type: "event", phase: "rollback", event: "told", data: { target: key } });
        return undefined;
      }
      if (!(await confirm?.({ name, task: green }))) throw notConfirmed(name, green);
      await journal.append({ type: "event", phase: "cutover", event: "confirmed", data: { target: key } });
      return undefined;
    },
    settle: async () => lastSaid(journal.entries(), key),
  };
}

function lastSaid(entries: readonly JournalEntry[], key: string): Side {
  let side: Side = "blue";
  for (const entry of entries) {
    if (entry.type !== "event" || (entry.data as { target?: unknown } | null)?.target !== key) continue;
    if (entry.event === "confirmed") side = "green";
    if (entry.event === "told") side = "blue";
  }
  return side;
}

function notConfirmed(name: string, task: string): UserError {
  return new UserError({
    code: "not-confirmed",
    what: `${name} moves by hand, and nobody said that it was done: ${task}`,
    fix: `Do it, then the same command goes on: clustershift cutover --confirm-manual ${/^[\w.-]+$/.test(name) ? name : JSON.stringify(name)}. Or go back: clustershift rollback`,
  });
}
