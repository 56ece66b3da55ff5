import type { JournalEntry } from "../../../src/model/journal.js";
import { addPieces, joinPieces } from "../../../src/record/pieces.js";
import { parseJournal } from "../../../src/run/journal.js";
import { memoryStore } from "../../record/memory-store.js";
import { type Ending, judge, type TrueJournal } from "./judge.js";

export interface CopyFigures {
  tried: number;
  refused: number;
  /** Where what is missing is its end, or nothing. */
  recovered: number;
  wrong: string[];
}

const run = "20261128T220000Z";
const soon = () => new AbortController().signal;

/**
 * The same of a journal that is kept in pieces outside of the machine: pieces that are changed, cut, emptied, gone, or have another
 * one's content. Whatever the pieces give must be a beginning of the journal, or be refused.
 */
export async function damageCopies(
  journal: TrueJournal,
  { random, flips }: { random: () => number; flips: number },
): Promise<CopyFigures> {
  const figures: CopyFigures = { tried: 0, refused: 0, recovered: 0, wrong: [] };
  // As lines are copied; some are larger than an entry may be, and so are two.
  const store = memoryStore("memory", 2_000);
  let offset = 0;
  for (const line of journal.bytes.toString("utf8").split(/(?<=\n)/)) {
    offset = await addPieces(store, run, offset, Buffer.from(line), 1_000);
  }
  const whole = await store.all(run, soon());
  const names = [...whole.keys()].sort();
  const below = (most: number) => Math.floor(random() * most);

  const look = (what: string, change: (pieces: Map<string, Buffer>) => void) => {
    const pieces = new Map([...whole].map(([name, bytes]) => [name, Buffer.from(bytes)]));
    change(pieces);
    const ending = judgeCopy(journal, pieces);
    figures.tried++;
    if (typeof ending === "object") figures.wrong.push(`a copy, ${what}: ${ending.wrong}`);
    else if (ending === "refused") figures.refused++;
    else figures.recovered++;
  };
  for (let count = 0; count < flips; count++) {
    const name = names[below(names.length)] ?? "";
    look(`a bit of ${name} flipped`, (pieces) => {
      const bytes = pieces.get(name) ?? Buffer.alloc(0);
      const at = below(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
    });
  }
  for (const [index, name] of names.entries()) {
    const next = names[index + 1];
    const bytes = whole.get(name) ?? Buffer.alloc(0);
    look(`${name} missing`, (pieces) => pieces.delete(name));
    look(`${name} emptied`, (pieces) => pieces.set(name, Buffer.alloc(0)));
    look(`${name} cut short`, (pieces) => pieces.set(name, bytes.subarray(0, below(bytes.length))));
    look(`${name} longer`, (pieces) => pieces.set(name, Buffer.concat([bytes, Buffer.from("x\n")])));
    look(`${name} twice as long`, (pieces) => pieces.set(name, Buffer.concat([bytes, bytes])));
    if (next === undefined) continue;
    look(`${next} and all that follow missing`, (pieces) => {
      for (const each of names.slice(index + 1)) pieces.delete(each);
    });
    look(`${name} and ${next} swapped`, (pieces) => {
      pieces.set(name, whole.get(next) ?? bytes).set(next, bytes);
    });
  }
  return figures;
}

/** As a journal of those bytes where the pieces fit together; else they must have been refused. */
function judgeCopy(journal: TrueJournal, pieces: ReadonlyMap<string, Buffer>): Ending | { wrong: string } {
  let joined: Buffer;
  try {
    joined = joinPieces(pieces);
  } catch {
    return "refused";
  }
  if (joined.equals(journal.bytes)) return "whole";
  const read = (bytes: Buffer): JournalEntry[] => parseJournal(bytes, "journal.jsonl").entries;
  const lost = journal.bytes.length - joined.length;
  const isBeginning = lost > 0 && journal.bytes.subarray(0, joined.length).equals(joined);
  // Only where nothing follows any more may a copy be shorter.
  if (isBeginning && [...pieces].some(([name, { length }]) => length > 0 && Number(name.slice(8)) >= joined.length))
    return { wrong: "what follows was not seen" };
  return judge(journal, joined, read);
}
