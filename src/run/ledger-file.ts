import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { z } from "zod";
import type { Ledger, Written } from "../model/ledger.js";
import { writeFileAtomic } from "./atomic-file.js";
import type { RunFolder } from "./run-folder.js";

/** The ledger's name in a run's folder. */
const fileName = "arrived.jsonl";

const line = z.object({
  object: z.string(),
  uid: z.string(),
  wanted: z.string(),
  state: z.string(),
  managers: z.record(z.string(), z.string()),
});

/**
 * A replay's ledger as a file: a line of JSON for each thing that is remembered, the last of an object counts. Each line is
 * with the operating system before `put` returns, so that kill -9 loses none; on disk it is after `close`.
 */
export class LedgerFile implements Ledger {
  private constructor(
    private readonly path: string,
    private readonly file: number,
    private readonly entries: Map<string, Written>,
  ) {}

  /** What is in the run's folder, for reading only: a ledger that isn't there is empty. */
  static read(run: RunFolder): Pick<Ledger, "get" | "objects"> {
    const entries = readEntries(run.path(fileName)).entries;
    return { get: (object) => entries.get(object), objects: () => entries.keys() };
  }

  static open(run: RunFolder): LedgerFile {
    const path = run.path(fileName);
    mkdirSync(run.dir, { recursive: true });
    const { entries, whole } = readEntries(path);
    const file = openSync(path, "a", 0o644);
    // Half a line, of a machine that went down, must not swallow the next one.
    if (!whole) writeSync(file, "\n");
    return new LedgerFile(path, file, entries);
  }

  get(object: string): Written | undefined {
    return this.entries.get(object);
  }

  objects(): Iterable<string> {
    return this.entries.keys();
  }

  put(object: string, written: Written): void {
    this.entries.set(object, written);
    writeSync(this.file, lineOf(object, written));
  }

  /** Writes the file anew, with one line for each object. */
  async close(): Promise<void> {
    const grown = fstatSync(this.file).size;
    const lines = [...this.entries].map(([object, written]) => lineOf(object, written));
    const content = lines.join("");
    if (Buffer.byteLength(content) < grown) await writeFileAtomic(this.path, content);
    else fsyncSync(this.file);
    closeSync(this.file);
  }
}

function lineOf(object: string, written: Written): string {
  return `${JSON.stringify({ object, ...written })}\n`;
}

/** A line that can't be read is as if it had not been written: then what stands on green counts as somebody else's. */
function readEntries(path: string): { entries: Map<string, Written>; whole: boolean } {
  const entries = new Map<string, Written>();
  let text = "";
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  for (const each of text.split("\n")) {
    const read = parsed(each);
    if (!read) continue;
    const { object, ...written } = read;
    entries.set(object, written);
  }
  return { entries, whole: text === "" || text.endsWith("\n") };
}

function parsed(text: string): z.infer<typeof line> | undefined {
  try {
    return line.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
