import { createInterface } from "node:readline";
import { awsClients } from "../../../src/aws/clients.js";
import { FileJournal } from "../../../src/run/journal.js";
import { rollback } from "../../../src/traffic/rollback.js";
import { type ShiftInput, shift } from "../../../src/traffic/shift.js";
import { virtualClock } from "../../aws/clock.js";
import { type Dies, dying } from "./dying.js";

/** What a process does, and at which of its journal writes it dies: the first is 0. */
export interface Story {
  journal: string;
  endpoint: string;
  region: string;
  does: "shift" | "rollback";
  input: ShiftInput;
  dies?: Dies;
}

/**
 * A process that moves traffic, or moves it back, and kills itself by SIGKILL on the way: nothing of it goes on, no handler
 * runs, no buffer is flushed. It reads its story, one line of JSON, from its standard input, so that it can be started ahead.
 */
async function main(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    await tell(JSON.parse(line) as Story);
    process.exit(0);
  }
}

async function tell({ journal: file, endpoint, region, does, input, dies }: Story): Promise<void> {
  const clock = virtualClock();
  const journal = dying(await FileJournal.open(file, () => new Date()), dies);
  const edges = { aws: awsClients({ region, endpoint }, { clock }), journal, clock, confirm: async () => true };
  if (does === "rollback") await rollback(edges);
  else await shift(input, { ...edges, check: async () => ({ outcome: "passed", detail: "fine" }) });
}

await main();
