import { expect, it } from "vitest";
import type { JournalRecord } from "../../src/model/journal.js";
import { tellingJournal } from "../../src/notify/telling-journal.js";
import { memoryJournal } from "../traffic/world.js";

const record: JournalRecord = { type: "event", phase: "cutover", event: "started", data: {} };

it("tells what is on disk, after it is", async () => {
  const heard: number[] = [];
  const journal = tellingJournal(memoryJournal(), (entries) => heard.push(entries.length));
  await journal.append(record);
  await journal.append(record);
  expect(heard).toEqual([1, 2]);
  expect(journal.entries()).toHaveLength(2);
});

it("tells nothing that could not be written, and passes the error on", async () => {
  const heard: number[] = [];
  const broken = { entries: () => [], append: () => Promise.reject(new Error("disk full")) };
  await expect(tellingJournal(broken, () => heard.push(1)).append(record)).rejects.toThrow("disk full");
  expect(heard).toEqual([]);
});

it("lets a listener that throws stop nothing", async () => {
  const journal = tellingJournal(memoryJournal(), () => {
    throw new Error("no");
  });
  await journal.append(record);
  expect(journal.entries()).toHaveLength(1);
});
