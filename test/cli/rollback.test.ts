import { access, rm } from "node:fs/promises";
import { expect, it } from "vitest";
import type { JournalRecord } from "../../src/model/journal.js";
import { FileJournal, readJournal } from "../../src/run/journal.js";
import type { RunFolder } from "../../src/run/run-folder.js";
import { now, shiftDone } from "../run/evidence.js";
import { placeWithRun } from "./place.js";

const step = "teardown/blue.acme.example";

async function journalled(run: RunFolder, ...records: JournalRecord[]): Promise<void> {
  const journal = await FileJournal.open(run.journalPath, () => new Date(now));
  for (const record of records) await journal.append(record);
  await journal.close();
}

const begun: JournalRecord = {
  ...{ type: "intent", step, phase: "teardown", what: "remove blue", target: "blue.acme.example" },
  ...{ before: {}, after: null },
};

it("asks who has seen that blue is whole, where its removal began and didn't end", async () => {
  const { place, run } = await placeWithRun();
  await journalled(run, shiftDone, begun);
  const refused = { code: 27, json: { error: { code: "run-finished", what: expect.stringContaining("in part") } } };
  expect(await place.json("rollback")).toMatchObject(refused);
  expect((await place.json<{ wayBack: string }>("status")).json.wayBack).toMatch(/may be gone in part/);
  const dry = await place.run(["rollback", "--dry-run"]);
  expect(dry).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^refuses {2}run-finished: Blue's removal began at/),
  });
  expect(await place.json("rollback", "--force", "plan-changed", "--reason", "x")).toMatchObject({ code: 2 });
  expect(await readJournal(run.journalPath)).toHaveLength(5);

  const forced = await place.run(["rollback", "--force", "run-finished", "--reason", "blue serves, seen by Jo"]);
  expect(forced).toMatchObject({ code: 0, stderr: expect.stringContaining("gate run-finished is overridden") });
  expect((await readJournal(run.journalPath)).at(-1)).toMatchObject({
    phase: "rollback",
    event: "forced",
    data: { gate: "run-finished", reason: "blue serves, seen by Jo", by: expect.any(String), host: expect.any(String) },
  });
});

it("can't be forced once blue is gone", async () => {
  const { place, run } = await placeWithRun();
  await journalled(run, begun, { type: "done", step, result: null });
  const argv = ["rollback", "--force", "run-finished", "--reason", "I want to"];
  expect(await place.json(...argv)).toMatchObject({
    code: 27,
    json: { error: { what: expect.stringContaining("Blue is gone") } },
  });
});

it("a refusal leaves no journal where there was none", async () => {
  const { place, run } = await placeWithRun();
  await rm(run.journalPath);
  await rm(run.path("approval.json"));
  expect((await place.run(["cutover"])).code).toBe(11);
  await expect(access(run.journalPath)).rejects.toMatchObject({ code: "ENOENT" });
});
