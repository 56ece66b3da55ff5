import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { UserError } from "../../../src/model/errors.js";
import type { JournalEntry } from "../../../src/model/journal.js";
import { parseJournal } from "../../../src/run/journal.js";
import type { AwsFront } from "../../../src/sandbox/aws/front.js";
import { Crash, type Snapshot, type World } from "../../traffic/world.js";
import { watchEffects } from "../cutover/effects.js";
import { type Command, carryOut, commands } from "./story.js";

export interface LostFigures {
  /** Entries that were lost once each. */
  entries: number;
  /** Ended exactly, as if nothing had been lost. */
  exact: number;
  /** Refused as drifted, with nothing written; going back over it was exact. */
  refused: number;
  wrong: string[];
}

export interface LostOptions {
  front: AwsFront;
  world: World;
  folder: string;
  random: () => number;
  /** Which entries; by default each. */
  only?: (entry: JournalEntry) => boolean;
}

/**
 * Damage to the very last line can look like one that a crash cut short: its entry is lost although its effect was done. For each
 * entry of a whole story: everything up to the next entry happens, then its line is damaged so; then the same command goes on, or
 * another goes back. Either it ends exactly, and no effect was done twice, or it is refused and nothing is written.
 */
export async function loseEachEntry({
  front,
  world,
  folder,
  random,
  only = () => true,
}: LostOptions): Promise<LostFigures> {
  const figures: LostFigures = { entries: 0, exact: 0, refused: 0, wrong: [] };
  const ends = await endsOf(world, join(folder, "reference.jsonl"));
  for (const { seq } of ends.entries.filter(only)) {
    figures.entries++;
    for (const then of ["same", "rollback"] as const) {
      const file = join(folder, `lost-${seq}-${then}.jsonl`);
      const wrong = (what: string) => figures.wrong.push(`entry ${seq} lost, then ${then}: ${what}`);
      const watch = watchEffects(front);
      const command = await tellUntil(world, file, seq);
      await damageLastLine(file, random);
      const lost = parseJournal(await readFile(file), file).entries.length;
      if (lost !== seq - 1) wrong(`${lost} entries are left, not ${seq - 1}`);
      const goesOn = then === "same" ? command : "rollback";
      const before = await world.snapshot();
      const ending = await goOn(world, file, goesOn);
      const after = await world.snapshot();
      const effects = watch.stop();
      if (ending === "drifted") {
        figures.refused++;
        if (!isDeepStrictEqual(after, before)) wrong("it was refused, and something was written");
        await carryOut(world, file, "rollback", { overwrite: ends.keys });
        if (!isDeepStrictEqual(await world.snapshot(), ends.original)) wrong("going back over it is not exact");
      } else if (ending === "done") {
        figures.exact++;
        if (!isDeepStrictEqual(after, ends.after[goesOn])) wrong(`after ${goesOn} the world is not as it must be`);
        if (new Set(effects).size < effects.length) wrong("an effect was done twice");
      } else wrong(ending);
      await rm(file);
      await world.reset();
    }
  }
  return figures;
}

interface Ends {
  entries: JournalEntry[];
  original: Snapshot;
  after: Record<Command, Snapshot>;
  /** Of all that moves. */
  keys: string[];
}

/** The same story where nothing is lost. */
async function endsOf(world: World, file: string): Promise<Ends> {
  const original = await world.snapshot();
  const after: Partial<Record<Command, Snapshot>> = {};
  for (const command of commands) {
    await carryOut(world, file, command);
    after[command] = await world.snapshot();
  }
  const { entries } = parseJournal(await readFile(file), file);
  const keys = new Set(entries.flatMap((entry) => (entry.type === "intent" ? [entry.target] : [])));
  return { entries, original, after: after as Ends["after"], keys: [...keys] };
}

/** The story up to right before the append after entry `seq`: its effect is done. Resolves to the command that was under way. */
async function tellUntil(world: World, file: string, seq: number): Promise<Command> {
  let left = seq;
  const beforeAppend = () => {
    // From then on nothing can be done any more, however often it is tried.
    if (left-- <= 0) throw new Crash(`after entry ${seq}`);
  };
  for (const command of commands) {
    try {
      await carryOut(world, file, command, { beforeAppend });
    } catch (error) {
      if (error instanceof Crash) return command;
      throw error;
    }
  }
  return "rollback";
}

/** Its line end, and one more bit of it that doesn't make a line end of anything. */
async function damageLastLine(file: string, random: () => number): Promise<void> {
  const bytes = await readFile(file);
  const last = bytes.length - 1;
  const start = bytes.lastIndexOf(0x0a, last - 1) + 1;
  for (const at of [last, start + Math.floor(random() * (last - start))]) bytes[at] = (bytes[at] ?? 0) ^ 0x80;
  await writeFile(file, bytes);
}

async function goOn(world: World, file: string, command: Command): Promise<string> {
  try {
    await carryOut(world, file, command);
    return "done";
  } catch (error) {
    return error instanceof UserError ? error.code : String(error);
  }
}
