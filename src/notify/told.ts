import { appendFile, readFile } from "node:fs/promises";

/** One line of notified.jsonl. */
interface Line {
  sink: string;
  /** The journal's entry up to which the sink is through. */
  seq: number;
  outcome: "began" | "delivered" | "given up";
}

/**
 * How far each sink has been told a run's journal: a file of lines, only ever appended to, so that a command that goes on after a
 * crash tells what the earlier one could not, and nothing twice.
 */
export class Told {
  readonly #path: string;
  readonly #marks: Map<string, number>;
  #queue: Promise<unknown> = Promise.resolve();
  #error: unknown;

  private constructor(path: string, marks: Map<string, number>) {
    this.#path = path;
    this.#marks = marks;
  }

  static async open(path: string): Promise<Told> {
    const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "";
      throw error;
    });
    const marks = new Map<string, number>();
    for (const line of text.split("\n")) {
      const read = readLine(line);
      if (read) marks.set(read.sink, Math.max(read.seq, marks.get(read.sink) ?? 0));
    }
    return new Told(path, marks);
  }

  /** The last entry that the sink is through with; undefined where it was never told anything of this run. */
  upTo(sink: string): number | undefined {
    return this.#marks.get(sink);
  }

  /** Returns at once; `written` says when it is on disk. */
  mark(sink: string, seq: number, outcome: Line["outcome"]): void {
    this.#marks.set(sink, Math.max(seq, this.#marks.get(sink) ?? 0));
    const line = JSON.stringify({ sink, seq, outcome } satisfies Line);
    // A line that a crash cut short must not swallow this one.
    this.#queue = this.#queue
      .then(() => appendFile(this.#path, `\n${line}\n`))
      .catch((error: unknown) => {
        this.#error ??= error;
      });
  }

  /** Resolves once every mark is written. @throws the file system's first error */
  async written(): Promise<void> {
    await this.#queue;
    if (this.#error !== undefined) throw this.#error;
  }
}

/** Undefined for what a crash cut short: its notice is sent once more, under the same id. */
function readLine(line: string): Line | undefined {
  try {
    const value = JSON.parse(line) as Partial<Line> | null;
    return typeof value?.sink === "string" && typeof value.seq === "number" ? (value as Line) : undefined;
  } catch {
    return undefined;
  }
}
