import { appendFile, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UserError } from "../../src/model/errors.js";
import type { JournalEntry, JournalRecord } from "../../src/model/journal.js";
import { FileJournal, parseJournal, readJournal } from "../../src/run/journal.js";
import { temporaryFolders } from "./temporary-folder.js";

const temporaryFolder = temporaryFolders();
let ticks = 0;
const clock = (): Date => new Date(Date.UTC(2026, 10, 28, 22, 0, ticks++ % 60));

const intent: JournalRecord = {
  type: "intent",
  step: "cutover-1/a",
  phase: "cutover",
  what: "Grün € 緑: give green 1 %",
  target: "route53:Z1",
  before: [{ Name: "app.", Weight: 0 }],
  after: null,
};
const records: JournalRecord[] = [
  intent,
  { type: "done", step: "cutover-1/a", result: { change: "C1" } },
  { type: "failed", step: "cutover-1/b", error: "line\nbreak" },
  { type: "event", phase: "cutover", event: "completed", data: {} },
];

/** A journal of these records on disk, its bytes and its entries. */
async function written(all: readonly JournalRecord[] = records) {
  const path = join(await temporaryFolder(), "journal.jsonl");
  const journal = await FileJournal.open(path, clock);
  for (const record of all) await journal.append(record);
  await journal.close();
  return { path, bytes: await readFile(path), entries: journal.entries() };
}

/** What is read of these bytes; undefined where they are refused as damaged, which nothing else may be. */
function read(bytes: Buffer): JournalEntry[] | undefined {
  try {
    return parseJournal(bytes, "journal.jsonl").entries;
  } catch (error) {
    if (error instanceof UserError && error.code === "journal-damaged") return undefined;
    throw error;
  }
}

const linesOf = (bytes: Buffer): string[] => bytes.toString("utf8").trimEnd().split("\n");
const journalOf = (lines: readonly string[]): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(""));

describe("FileJournal", () => {
  it("gives back what was appended, numbered and dated, when it is opened again", async () => {
    const { path, entries } = await written();
    expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(entries).toMatchObject(records);
    expect(await readJournal(path)).toEqual(entries);
    const again = await FileJournal.open(path, clock);
    expect(again.entries()).toEqual(entries);
    await again.append(intent);
    await again.close();
    expect((await readJournal(path)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  });

  it("keeps the order of appends that nobody waited for", async () => {
    const path = join(await temporaryFolder(), "journal.jsonl");
    const journal = await FileJournal.open(path, clock);
    const steps = Array.from({ length: 50 }, (_, n) => `step-${n}`);
    await Promise.all(steps.map((step) => journal.append({ type: "done", step, result: null })));
    await journal.close();
    expect((await readJournal(path)).map((entry) => (entry.type === "done" ? entry.step : ""))).toEqual(steps);
  });

  it("has the record on disk when append resolves", async () => {
    const path = join(await temporaryFolder(), "journal.jsonl");
    const journal = await FileJournal.open(path, clock);
    await journal.append(intent);
    expect(await readJournal(path)).toMatchObject([intent]);
    await journal.close();
  });

  it("gives back any JSON, and what JSON can't hold as JSON gives it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.string({ unit: "binary" }), async (data, event) => {
        const { path, entries } = await written([{ type: "event", phase: "p", event, data }]);
        expect(await readJournal(path)).toEqual(entries);
        expect(entries[0]).toMatchObject({ data: JSON.parse(JSON.stringify(data)) });
      }),
      { numRuns: 30 },
    );
    const odd = { gone: undefined, nan: Number.NaN, date: new Date(0), list: [undefined] };
    const { path, entries } = await written([{ type: "event", phase: "p", event: "e", data: odd }]);
    expect(entries[0]).toMatchObject({ data: { nan: null, date: "1970-01-01T00:00:00.000Z", list: [null] } });
    expect(await readJournal(path)).toEqual(entries);
  });

  it("refuses a record that is no JSON, and takes the next one", async () => {
    const path = join(await temporaryFolder(), "journal.jsonl");
    const journal = await FileJournal.open(path, clock);
    await expect(journal.append({ type: "done", step: "s", result: 1n })).rejects.toThrow(TypeError);
    await journal.append(intent);
    await journal.close();
    expect(await readJournal(path)).toMatchObject([intent]);
  });

  it("cuts a torn tail off and goes on after the last whole entry", async () => {
    const { path, entries } = await written();
    await appendFile(path, '{"type":"intent","step":"half');
    const journal = await FileJournal.open(path, clock);
    expect(journal.entries()).toEqual(entries);
    await journal.append(intent);
    await journal.close();
    expect(await readJournal(path)).toHaveLength(entries.length + 1);
  });

  it("doesn't touch a damaged file", async () => {
    const { path, bytes } = await written();
    const damaged = Buffer.from(bytes);
    damaged[40] = 0x21;
    await writeFile(path, damaged);
    await expect(FileJournal.open(path, clock)).rejects.toMatchObject({ code: "journal-damaged" });
    expect(await readFile(path)).toEqual(damaged);
  });

  it("writes nothing more once a write has failed, so that half a line never lies in the middle", async () => {
    const { path } = await written([intent]);
    const journal = await FileJournal.open(path, clock);
    await journal.close();
    await expect(journal.append(intent)).rejects.toMatchObject({
      code: "state-invalid",
      message: expect.stringContaining(path),
    });
    await expect(journal.append(intent)).rejects.toMatchObject({ code: "state-invalid" });
    expect(journal.entries()).toHaveLength(1);
    expect(await readJournal(path)).toHaveLength(1);
  });

  it("asks before each record, and resolves only after whoever keeps a copy has its line", async () => {
    const path = join(await temporaryFolder(), "journal.jsonl");
    const copied: string[] = [];
    let held = true;
    const journal = await FileJournal.open(path, clock, {
      mayWrite: async () => {
        if (!held) throw new Error("no longer ours");
      },
      written: async (line, { seq }) => {
        expect(await readFile(path, "utf8")).toBe(copied.join("") + line.toString());
        copied[seq - 1] = line.toString();
      },
    });
    for (const record of records) {
      await journal.append(record);
      expect(copied).toHaveLength(journal.entries().length);
    }
    held = false;
    for (const record of records) await expect(journal.append(record)).rejects.toThrow("no longer ours");
    await journal.close();
    expect(await readFile(path, "utf8")).toBe(copied.join(""));
  });

  it("is empty where there is no file", async () => {
    expect(await readJournal(join(await temporaryFolder(), "none.jsonl"))).toEqual([]);
  });
});

describe("a journal that was cut", () => {
  it("at any byte gives the entries that were whole, and says where they end", async () => {
    const { bytes, entries } = await written();
    for (let length = 0; length <= bytes.length; length++) {
      const cut = bytes.subarray(0, length);
      const ended = cut.toString("latin1").split("\n").length - 1;
      // A line that lacks nothing but its end counts.
      const unended = length < bytes.length && bytes[length] === 0x0a;
      const goodBytes = unended ? length : cut.lastIndexOf(0x0a) + 1;
      expect(parseJournal(cut, "j")).toEqual({
        entries: entries.slice(0, ended + Number(unended)),
        goodBytes,
        unended,
      });
    }
  });

  it.each([
    ["is gone", ""],
    ["became something else", "\x0b"],
    ["was never written", "\0".repeat(512)],
  ])("behind its last entry, whose line end %s, keeps it, and goes on in a line of its own", async (_, ending) => {
    const { path, bytes, entries } = await written();
    await writeFile(path, Buffer.concat([bytes.subarray(0, -1), Buffer.from(ending)]));
    expect(await readJournal(path)).toEqual(entries);
    const journal = await FileJournal.open(path, clock);
    expect(await readFile(path)).toEqual(bytes);
    await journal.append(intent);
    await journal.close();
    expect(await readJournal(path)).toEqual(journal.entries());
    expect(journal.entries()).toHaveLength(entries.length + 1);
  });

  it("at any byte on disk goes on: the same entries, then the new one", async () => {
    const { path, bytes, entries } = await written(records.slice(0, 2));
    for (let length = bytes.length; length >= 0; length -= 7) {
      await truncate(path, length);
      const journal = await FileJournal.open(path, clock);
      const kept = journal.entries();
      expect(kept).toEqual(entries.slice(0, kept.length));
      await journal.append(intent);
      await journal.close();
      expect(await readJournal(path)).toEqual(journal.entries());
      await writeFile(path, bytes);
    }
  });

  it.each([1, 2, 3])("at its front, without its first %i lines, is refused", async (lines) => {
    const { bytes } = await written();
    expect(read(journalOf(linesOf(bytes).slice(lines)))).toBeUndefined();
  });
});

describe("a journal that was changed", () => {
  it("by any one bit is refused, but for its last line end, without which nothing is lost", async () => {
    const { bytes, entries } = await written();
    let refused = 0;
    for (let at = 0; at < bytes.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
        const seen = read(flipped);
        if (seen === undefined) refused++;
        else expect({ at, seen }, `bit ${bit}`).toEqual({ at: bytes.length - 1, seen: entries });
      }
    }
    expect(refused).toBe((bytes.length - 1) * 8);
  });

  it("by any one byte more is refused, but for a torn tail", async () => {
    const { bytes, entries } = await written(records.slice(0, 2));
    for (let at = 0; at <= bytes.length; at++) {
      for (const byte of [0x00, 0x0a, 0x20, 0x7d]) {
        const longer = Buffer.concat([bytes.subarray(0, at), Buffer.from([byte]), bytes.subarray(at)]);
        const seen = read(longer);
        if (seen !== undefined) expect(seen).toEqual(entries);
      }
    }
  });

  it.each<[string, (lines: string[]) => string[]]>([
    ["a line removed from the middle", (lines) => lines.toSpliced(1, 1)],
    ["two lines swapped", ([a = "", b = "", ...rest]) => [b, a, ...rest]],
    ["a line twice", ([a = "", ...rest]) => [a, a, ...rest]],
    ["an empty line", (lines) => lines.toSpliced(2, 0, "")],
    ["another JSON value", (lines) => lines.toSpliced(1, 1, "null")],
    ["Windows' line ends", (lines) => lines.map((line) => `${line}\r`)],
    ["a space that means nothing", (lines) => lines.map((line, n) => (n === 1 ? line.replace(":", ": ") : line))],
    ["an escape that reads the same", (lines) => lines.map((line) => line.replace("line\\nbreak", "line\\u000abreak"))],
    ["a line of text", (lines) => lines.toSpliced(1, 1, "done")],
    ["a sum taken away", (lines) => lines.map((line, n) => (n === 1 ? line.replace(/,"sum":"\w+"/, "") : line))],
    ["a step renamed", (lines) => lines.map((line) => line.replace("cutover-1/b", "cutover-1/c"))],
    ["a time moved", (lines) => lines.map((line) => line.replace("2026-11", "2026-10"))],
    ["a field added", (lines) => lines.map((line, n) => (n === 2 ? line.replace('{"', '{"extra":1,"') : line))],
  ])("by %s is refused", async (_, change) => {
    const { bytes, entries } = await written();
    expect(read(journalOf(linesOf(bytes)))).toEqual(entries);
    expect(read(journalOf(change(linesOf(bytes))))).toBeUndefined();
  });

  it("by another journal's lines is refused, wherever they begin", async () => {
    const [one, other] = [await written(), await written()];
    const [mine, theirs] = [linesOf(one.bytes), linesOf(other.bytes)];
    for (let at = 1; at < mine.length; at++) {
      expect(read(journalOf([...mine.slice(0, at), ...theirs.slice(at)]))).toBeUndefined();
    }
  });

  it("by an editor's line ends is refused with how to take them away", async () => {
    const { bytes } = await written();
    const converted = Buffer.from(bytes.toString("utf8").replaceAll("\n", "\r\n"));
    expect(() => parseJournal(converted, "journal.jsonl")).toThrow(
      expect.objectContaining({
        code: "journal-damaged",
        message: expect.stringContaining("line 1 ends with a carriage return"),
        fix: expect.stringContaining("sed -i 's/\\r$//' journal.jsonl"),
      }),
    );
    expect(read(Buffer.from(converted.toString("utf8").replaceAll("\r", "")))).toHaveLength(records.length);
  });

  it.each(["\r", "", " "])("without any line feed, and %j in its place, is no line that was cut short", async (end) => {
    const { bytes } = await written();
    expect(read(Buffer.from(bytes.toString("utf8").replaceAll("\n", end)))).toBeUndefined();
  });

  it("is refused with the file, the line and what to do", async () => {
    const { path, bytes } = await written();
    await writeFile(path, journalOf(linesOf(bytes).toSpliced(2, 1)));
    await expect(readJournal(path)).rejects.toMatchObject({
      code: "journal-damaged",
      message: expect.stringContaining(`${path}: line 3 is damaged`),
      fix: expect.stringContaining("Move the run's folder aside"),
    });
  });
});
