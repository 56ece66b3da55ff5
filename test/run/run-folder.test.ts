import { mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writeFileAtomic } from "../../src/run/atomic-file.js";
import { listRuns, newRunId, RunFolder, type StateFiles } from "../../src/run/run-folder.js";
import { sampleReceipt } from "../model/samples.js";
import { soundEvidence } from "./evidence.js";
import { temporaryFolders } from "./temporary-folder.js";

const temporaryFolder = temporaryFolders();
const { plan, approval, green, backup, rehearsal, replay, parity, held, smoke, leftover } = soundEvidence();
const sound: StateFiles = {
  "plan.json": plan,
  "approval.json": approval,
  "green.json": green,
  "validation.json": {
    format: 1,
    at: "2026-11-28T21:00:00.000Z",
    green: { clusterId: "green", version: "v1.35.4" },
    outcome: "passed",
    steady: { ms: 60_000, looks: 7 },
    checks: [{ name: "DNS", kind: "cluster", outcome: "passed", detail: "two", ms: 3 }],
  },
  "backup.json": backup,
  "rehearsal.json": rehearsal,
  "replay.json": replay,
  "parity.json": parity,
  "held.json": held,
  "smoke.json": smoke,
  "leftover.json": leftover,
  "teardown.json": sampleReceipt(),
};
const names = Object.keys(sound) as (keyof StateFiles)[];

describe("RunFolder", () => {
  it.each(names)("gives back %s as it was written, and nothing where there is none", async (name) => {
    const run = new RunFolder(await temporaryFolder(), "20261128T220000Z");
    expect(await run.read(name)).toBeUndefined();
    await run.write(name, sound[name]);
    expect(await run.read(name)).toEqual(sound[name]);
  });

  it.each([
    ["is empty", "", /can't be used: /],
    ["is cut short", '{"format": 1, "hash', /can't be used: /],
    ["is null", "null", /its format is not 1/],
    ["is a list", "[]", /its format is not 1/],
    ["is of a later format", '{"format":3}', /its format is not 1/],
    ["holds nothing", '{"format":1}', /its field \w+ is missing/],
  ])("names a state file that %s", async (_, content, says) => {
    const run = new RunFolder(await temporaryFolder(), "20261128T220000Z");
    await mkdir(run.dir);
    for (const name of names) {
      await writeFile(run.path(name), content);
      const reading = run.read(name);
      await expect(reading).rejects.toMatchObject({ code: "state-invalid", message: expect.stringMatching(says) });
      await expect(reading).rejects.toThrow(run.path(name));
    }
  });

  it("refuses whatever lacks a field that gates rely on, rather than crash in them", async () => {
    const run = new RunFolder(await temporaryFolder(), "20261128T220000Z");
    const needed: [keyof StateFiles, string][] = [
      ["plan.json", "findings"],
      ["plan.json", "hash"],
      ["plan.json", "window"],
      ["approval.json", "planHash"],
      ["green.json", "clusterId"],
      ["rehearsal.json", "refused"],
      ["replay.json", "accounting"],
      ["parity.json", "differences"],
      ["smoke.json", "checks"],
    ];
    await mkdir(run.dir);
    for (const [name, field] of needed) {
      const { [field]: _, ...rest } = sound[name] as unknown as Record<string, unknown>;
      await writeFile(run.path(name), JSON.stringify(rest));
      await expect(run.read(name), `${name} without ${field}`).rejects.toThrow(`its field ${field} is missing`);
    }
  });

  it("passes what a later clustershift adds", async () => {
    const run = new RunFolder(await temporaryFolder(), "20261128T220000Z");
    await run.writeText("approval.json", JSON.stringify({ ...approval, ticket: "CHG-1" }));
    expect(await run.read("approval.json")).toMatchObject({ ticket: "CHG-1" });
  });

  it("names a state file that is a folder", async () => {
    const run = new RunFolder(await temporaryFolder(), "20261128T220000Z");
    await mkdir(run.path("plan.json"), { recursive: true });
    await expect(run.read("plan.json")).rejects.toMatchObject({ code: "state-invalid" });
  });
});

describe("writeFileAtomic", () => {
  it("leaves the old content, and no scraps, where it fails", async () => {
    const dir = await temporaryFolder();
    await mkdir(join(dir, "taken", "inside"), { recursive: true });
    await expect(writeFileAtomic(join(dir, "taken"), "x")).rejects.toThrow();
    expect(await readdir(dir)).toEqual(["taken"]);
  });

  it("is whole under many writers and readers at once", async () => {
    const path = join(await temporaryFolder(), "state.json");
    const contents = Array.from({ length: 20 }, (_, n) => String(n).repeat(20_000));
    await writeFileAtomic(path, contents[0] ?? "");
    const reads = await Promise.all(
      contents.map(async (content) => {
        await writeFileAtomic(path, content);
        return readFile(path, "utf8");
      }),
    );
    for (const read of reads) expect(contents).toContain(read);
    expect(await readdir(join(path, ".."))).toEqual(["state.json"]);
  });

  it("takes the mode that it is given", async () => {
    const path = join(await temporaryFolder(), "secret");
    await writeFileAtomic(path, "x", 0o600);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });
});

describe("runs", () => {
  it("are listed oldest first, also when many began in one second; what is no run is not", async () => {
    const dir = await temporaryFolder();
    const ids = [
      "20251231T235959Z",
      "20261128T220000Z",
      "20261128T220000Z-2",
      "20261128T220000Z-10",
      "20261128T220001Z",
    ];
    for (const id of ids.toReversed()) await mkdir(join(dir, id));
    for (const other of ["latest", "20261128", "20261128T220000Z-", "20261128T220000Z.tmp"])
      await mkdir(join(dir, other));
    await writeFile(join(dir, "20261128T220002Z"), "a file");
    await symlink(join(dir, "nowhere"), join(dir, "20261128T220003Z"));
    expect(await listRuns(dir)).toEqual(ids);
  });

  it("are none where there is no folder", async () => {
    expect(await listRuns(join(await temporaryFolder(), "runs"))).toEqual([]);
  });

  it("get ids that are new, and in the order in which they began", async () => {
    const dir = await temporaryFolder();
    const taken: string[] = [];
    for (const second of [0, 0, 0, 1, 1, 2]) {
      const id = newRunId(new Date(Date.UTC(2026, 10, 28, 22, 0, second, 987)), taken);
      await mkdir(join(dir, id));
      taken.push(id);
    }
    expect(taken.slice(0, 4)).toEqual([
      "20261128T220000Z",
      "20261128T220000Z-2",
      "20261128T220000Z-3",
      "20261128T220001Z",
    ]);
    expect(await listRuns(dir)).toEqual(taken);
  });

  it("sort by time, whatever the times", () => {
    const date = fc.date({ min: new Date("2000-01-01"), max: new Date("2099-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(date, date, (a, b) => {
        const [first, second] = a <= b ? [a, b] : [b, a];
        expect(newRunId(first, []) <= newRunId(second, [])).toBe(true);
      }),
    );
  });
});
