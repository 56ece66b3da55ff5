import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { JournalEntry } from "../../src/model/journal.js";
import { kill } from "../harness/clustershift.js";

/**
 * Kills a command `ms` after it has begun to have effects, that is, after it wrote something to the journal. Resolves to
 * whether it was still at work then.
 */
export async function killLate(
  child: ChildProcess,
  journal: () => Promise<JournalEntry[]>,
  ms: number,
): Promise<boolean> {
  const { length } = await journal();
  while (child.exitCode === null && (await journal()).length === length) await sleep(20);
  await sleep(ms);
  return kill(child);
}
