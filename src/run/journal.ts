import { type FileHandle, open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { canonicalJson, sha256 } from "../model/canonical.js";
import { messageOf, UserError } from "../model/errors.js";
import type { Journal, JournalEntry, JournalRecord } from "../model/journal.js";
import { syncFolder } from "./atomic-file.js";

const beginning = "clustershift journal 1";
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** The checksum of an entry: over the previous entry's and its own content, so that none can change, go or be swapped. */
function sumOf(previous: string, entry: Omit<JournalEntry, "sum">): string {
  return sha256(previous + canonicalJson(entry));
}

const howToMend =
  "Move the run's folder aside: the same command then takes the copy in record.bucket or in green. Or restore the file from a backup. Nothing was done, and nothing is assumed from it.";

export interface ParsedJournal {
  entries: JournalEntry[];
  /** Bytes of the file that hold whole entries; what follows is a torn tail. */
  goodBytes: number;
  /** True where the last entry is whole, and only its line end is missing. */
  unended: boolean;
}

/**
 * Reads a journal's bytes. A last line that is cut short was being written when the process died: its effect was never
 * tried, so it is left out. One that is whole but for its line end is true, and counts: if it had been written whole, and its line
 * end was lost since, its effect was tried. Anything else that isn't byte for byte what was appended is damage: nothing is
 * assumed, and a UserError says which line.
 */
export function parseJournal(bytes: Buffer, file: string, { fix } = { fix: howToMend }): ParsedJournal {
  const entries: JournalEntry[] = [];
  let goodBytes = 0;
  let previous = beginning;
  const next = (line: Buffer): JournalEntry | undefined => {
    const entry = readEntry(line);
    const fits = entry?.seq === entries.length + 1 && entry.sum === sumOf(previous, withoutSum(entry));
    return fits ? entry : undefined;
  };
  const take = (entry: JournalEntry, length: number): void => {
    entries.push(entry);
    previous = entry.sum;
    goodBytes += length;
  };
  for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, goodBytes)) {
    const line = bytes.subarray(goodBytes, end);
    const entry = next(line);
    if (!entry) throw damaged(file, entries.length + 1, line.at(-1) === carriageReturn, fix);
    take(entry, end + 1 - goodBytes);
  }
  const tail = bytes.subarray(goodBytes);
  for (const { index, 0: ending } of tail.toString("latin1").matchAll(/"sum":"[0-9a-f]{64}"\}/g)) {
    const length = index + ending.length;
    const entry = next(tail.subarray(0, length));
    if (!entry) continue;
    const rest = tail.subarray(length);
    // A line end that became something else, or that a file system never wrote; more than that are other lines.
    if (rest.length > 1 && rest.some((byte) => byte !== 0)) throw damaged(file, entries.length + 1, false, fix);
    take(entry, length);
    return { entries, goodBytes, unended: true };
  }
  return { entries, goodBytes, unended: false };
}

/** An entry as it was appended, byte for byte: what reads the same but was changed since isn't. */
function readEntry(line: Buffer): JournalEntry | undefined {
  try {
    const value: unknown = JSON.parse(line.toString("utf8"));
    const isEntry = value !== null && typeof value === "object" && "sum" in value;
    return isEntry && Buffer.from(JSON.stringify(value)).equals(line) ? (value as JournalEntry) : undefined;
  } catch {
    return undefined;
  }
}

/** `converted`: its line end is that of Windows. */
function damaged(file: string, line: number, converted: boolean, advice: string): UserError {
  const [why, fix] = converted
    ? [
        "ends with a carriage return: an editor, or a copy, has changed its line ends.",
        `Take them away: sed -i 's/\\r$//' ${file}. ${advice}`,
      ]
    : ["is damaged: its checksum doesn't fit.", advice];
  return new UserError({ code: "journal-damaged", what: `${file}: line ${line} ${why}`, fix });
}

function withoutSum(entry: JournalEntry): Omit<JournalEntry, "sum"> {
  const { sum: _, ...rest } = entry;
  return rest;
}

/** The entries of a run's journal, without opening it for writing; none where there is no journal yet. */
export async function readJournal(file: string): Promise<JournalEntry[]> {
  try {
    return parseJournal(await readFile(file), file).entries;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

export interface JournalHooks {
  /**
   * Asked before each record, and throws where the run is somebody else's by now: a laptop that slept while its lock was
   * broken must write nothing.
   */
  mayWrite?(): Promise<void>;
  /** Told of each line once it is on disk; an append resolves only after it, and so an intent's effect waits for it. */
  written?(line: Buffer, entry: JournalEntry): Promise<void>;
}

/** The journal in a run's folder. Only the holder of the run's lock may open it. */
export class FileJournal implements Journal {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #now: () => Date;
  readonly #hooks: JournalHooks;
  readonly #entries: JournalEntry[];
  #queue: Promise<unknown> = Promise.resolve();
  #broken: UserError | undefined;

  private constructor(path: string, file: FileHandle, entries: JournalEntry[], now: () => Date, hooks: JournalHooks) {
    this.#path = path;
    this.#file = file;
    this.#entries = entries;
    this.#now = now;
    this.#hooks = hooks;
  }

  static async open(path: string, now: () => Date, hooks: JournalHooks = {}): Promise<FileJournal> {
    const file = await open(path, "a+");
    try {
      const { entries, goodBytes, unended } = parseJournal(await file.readFile(), path);
      await file.truncate(goodBytes);
      if (unended) {
        await file.appendFile("\n");
        await file.datasync();
      }
      await syncFolder(dirname(path));
      return new FileJournal(path, file, entries, now, hooks);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  entries(): JournalEntry[] {
    return [...this.#entries];
  }

  /** Resolves once the record is on disk; only then may its effect be tried. */
  append(record: JournalRecord): Promise<void> {
    const written = this.#queue.then(async () => {
      await this.#hooks.mayWrite?.();
      const last = this.#entries.at(-1);
      const body = { ...record, seq: this.#entries.length + 1, at: this.#now().toISOString() };
      // What JSON can't hold (undefined members) must not count in the checksum either.
      const plain = JSON.parse(JSON.stringify(body)) as Omit<JournalEntry, "sum">;
      const entry = { ...plain, sum: sumOf(last?.sum ?? beginning, plain) } as JournalEntry;
      const line = Buffer.from(`${JSON.stringify(entry)}\n`);
      await this.#write(line);
      this.#entries.push(entry);
      await this.#hooks.written?.(line, entry);
    });
    this.#queue = written.catch(() => undefined);
    return written;
  }

  /** After one failure nothing more is written: half a line may lie at the end, and only the next open cuts it off. */
  async #write(line: Buffer): Promise<void> {
    if (this.#broken) throw this.#broken;
    try {
      await this.#file.appendFile(line);
      await this.#file.datasync();
    } catch (error) {
      this.#broken = new UserError({
        code: "state-invalid",
        what: `${this.#path} can't be written: ${messageOf(error)}. Without its record no step may be tried.`,
        fix: "Make room on that disk, or mend it; then the same command goes on.",
        cause: error,
      });
      throw this.#broken;
    }
  }

  async close(): Promise<void> {
    await this.#queue;
    await this.#file.close();
  }
}
