import { randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBucket } from "../../src/aws/s3.js";
import { exitCodes } from "../../src/model/exit-codes.js";
import { bucketStore } from "../../src/record/bucket.js";
import { timeLimit } from "../../src/record/deadline.js";
import { joinPieces, pieceName } from "../../src/record/pieces.js";
import { readSharedLock, takeSharedLock } from "../../src/record/shared-lock.js";
import { stateOf } from "../../src/record/state-copies.js";
import type { RecordStore } from "../../src/record/store.js";
import { RunFolder } from "../../src/run/run-folder.js";
import { openTestAws } from "../aws/moto.js";
import type { Workplace } from "../harness/clustershift.js";
import { owner } from "../record/owner.js";
import { emptyPlace, placeWithRun, useConfiguration } from "./place.js";

const emulator = await openTestAws();
const region = "eu-central-1";
const endpoint = "front" in emulator ? emulator.front.endpoint : "";
const bucket = `cli-records-${randomBytes(4).toString("hex")}`;
const missing = "missing" in emulator ? ` (skipped: ${emulator.missing})` : "";
afterAll(async () => {
  if ("front" in emulator) await emulator.close();
});

interface Shown {
  copies: { store: string; wholeAt: string | null; trouble: string | null }[];
}

/** A run whose record is also kept below its own prefix of the bucket, and that copy. */
async function kept(prefix: string, name = bucket) {
  const record = { bucket: name, prefix, green: false };
  const { place, run } = await placeWithRun({ aws: { region, endpoint }, record });
  const clock = { now: () => Date.now(), sleep: (ms: number) => new Promise<void>((done) => setTimeout(done, ms)) };
  const store = bucketStore(openBucket(name, { region, endpoint }, { clock }), `${prefix}/blue.acme.example`);
  return { place, run, store };
}

async function copyIn(store: RecordStore, run: string) {
  const entries = await store.all(run, timeLimit(20_000));
  return { journal: joinPieces(entries).toString(), state: stateOf(entries) };
}

const jo = { owner: owner("jo"), now: "2026-11-28T21:00:00Z", deadlineMs: 20_000, isGone: () => false };

describe.skipIf(missing !== "")(`a run's record in a bucket${missing}`, () => {
  beforeAll(async () => {
    const client = new S3Client({ region, endpoint, forcePathStyle: true });
    await client.send(
      new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: region } }),
    );
    client.destroy();
  });

  it("is whole after each command, without secrets, and the run is given back", async () => {
    const { place, run, store } = await kept("whole");
    await place.succeed("approve", "--by", "al");
    const copy = await copyIn(store, run.id);
    expect(copy.journal).toBe(await readFile(run.journalPath, "utf8"));
    expect(copy.state.get("plan.json")).toBe(await readFile(run.path("plan.json"), "utf8"));
    expect(JSON.parse(copy.state.get("approval.json") ?? "").approvals).toHaveLength(2);
    expect([...copy.state.keys()].sort()).not.toContain("age-identity.txt");
    expect((await readSharedLock(store, run.id, 20_000))?.lock).toMatchObject({ epoch: 1, holder: null });
    const { json } = await place.json<Shown>("status");
    expect(json.copies).toEqual([{ store: store.name, wholeAt: expect.any(String), trouble: null }]);
    expect((await place.run(["status"])).stdout).toContain(`Copy     ${store.name}, whole at 20`);
  });

  it("is locked there against other machines, until unlock has said what it breaks", async () => {
    const { place, run, store } = await kept("locked");
    await takeSharedLock(store, run.id, jo);
    const refused = await place.json("approve", "--by", "al");
    expect(refused).toMatchObject({ code: exitCodes.locked.code, json: { error: { code: "locked" } } });
    expect(refused.json.error.fix).toContain(`clustershift unlock --run ${run.id}`);
    const dry = await place.run(["unlock", "--dry-run"]);
    expect(dry.stdout).toContain(`Would break  ${store.name}: jo on jo-laptop (pid 4711) runs \`cutover\``);
    expect((await place.run(["approve", "--by", "al"])).code).toBe(exitCodes.locked.code);
    expect((await place.succeed("unlock")).stdout).toContain("Broken");
    await place.succeed("approve", "--by", "al");
    expect((await readSharedLock(store, run.id, 20_000))?.lock).toMatchObject({ epoch: 3, holder: null });
    expect((await place.succeed("unlock")).stdout).toContain("Nobody holds this run.");
  });

  it("where it can't be kept, is said and shown, and the work goes on", async () => {
    const { place, store } = await kept("missing", `${bucket}-not`);
    const ended = await place.succeed("approve", "--by", "al");
    expect(ended.stderr).toMatch(/the record's copy in s3:.* is behind: .*NoSuchBucket.*; the work goes on/);
    const { json } = await place.json<Shown>("status");
    expect(json.copies).toEqual([
      { store: store.name, wholeAt: null, trouble: expect.stringContaining("NoSuchBucket") },
    ]);
  });

  it("that went another way is refused, and nothing is done", async () => {
    const { place, run, store } = await kept("other");
    await store.put(run.id, pieceName(0), Buffer.from("somebody else's\n"), "absent", timeLimit(20_000));
    const before = await readFile(run.journalPath, "utf8");
    const refused = await place.json("approve", "--by", "al");
    expect(refused).toMatchObject({
      code: exitCodes["record-diverged"].code,
      json: { error: { code: "record-diverged" } },
    });
    expect(await readFile(run.journalPath, "utf8")).toBe(before);
    expect((await copyIn(store, run.id)).journal).toBe("somebody else's\n");
  });

  it("is taken by a machine that has none, and said; what no copy has stops neither status nor rollback", async () => {
    const { place, run, store } = await kept("taken");
    await place.succeed("approve", "--by", "al");
    const other = await anotherMachine(place);
    const { stdout, stderr } = await other.place.run(["status"]);
    expect(stderr).toContain(`run ${run.id} was taken from ${store.name}, as it stood at 20`);
    expect(stdout).toContain(`Run      ${run.id}`);
    expect(stdout).toMatch(new RegExp(`Taken    at 20.* from ${store.name}`));
    expect(await readFile(other.run(run).journalPath, "utf8")).toBe(await readFile(run.journalPath, "utf8"));
    expect((await readdir(other.runsDir)).sort()).toEqual([run.id]);
    const files = await readdir(other.run(run).dir);
    expect(files).not.toContain("age-identity.txt");
    expect(files).not.toContain("bundle");
    expect((await other.place.succeed("rollback")).stdout).toContain("Nothing to go back from");
    // The first machine then has what the other one did, and may go on.
    await other.place.succeed("approve", "--by", "kim");
    const { stderr: said } = await place.run(["status"]);
    expect(said).toContain(`run ${run.id} was brought up to date from ${store.name}`);
    expect(await readFile(run.journalPath, "utf8")).toBe(await readFile(other.run(run).journalPath, "utf8"));
    await place.succeed("approve", "--by", "lou");
  });

  it("is taken in its newest run, also where an older one is here; --run says which", async () => {
    const { place, run, store } = await kept("newest");
    await place.succeed("approve", "--by", "al");
    const other = await anotherMachine(place);
    const old = new RunFolder(other.runsDir, "20251128T220000Z");
    await old.writeText("plan.md", "an older one");
    expect((await other.place.json<{ run: string }>("status", "--run", old.id)).json.run).toBe(old.id);
    expect((await other.place.json<{ run: string }>("status")).json.run).toBe(run.id);
    const unknown = await other.place.json("status", "--run", "20250101T000000Z");
    expect(unknown).toMatchObject({ code: exitCodes.usage.code });
    expect(unknown.json.error.fix).toContain(run.id);
    expect((await store.runs(timeLimit(20_000))).length).toBe(1);
  });

  it("that lacks a piece, or is damaged, is refused and leaves nothing", async () => {
    const { place, run, store } = await kept("gap");
    await place.succeed("approve", "--by", "al");
    const size = (await readFile(run.journalPath)).length;
    await store.put(run.id, pieceName(size + 10), Buffer.from("later\n"), "absent", timeLimit(20_000));
    const other = await anotherMachine(place);
    const refused = await other.place.json("rollback");
    expect(refused).toMatchObject({ code: exitCodes["journal-damaged"].code });
    expect(refused.json.error.what).toContain(`its bytes ${size} to `);
    expect(await readdir(other.runsDir).catch(() => [])).toEqual([]);

    const bad = await kept("bad");
    await bad.store.put(bad.run.id, pieceName(0), Buffer.from("{}\n"), "absent", timeLimit(20_000));
    const third = await anotherMachine(bad.place);
    const damaged = await third.place.json("rollback");
    expect(damaged).toMatchObject({ code: exitCodes["journal-damaged"].code });
    expect(damaged.json.error.what).toContain(`The copy of run ${bad.run.id} in ${bad.store.name}: line 1`);
    expect(await readdir(third.runsDir).catch(() => [])).toEqual([]);
  });

  it("that can't be asked for is said where there is no run here", async () => {
    const { place } = await kept("missing", `${bucket}-not`);
    const other = await anotherMachine(place);
    const refused = await other.place.json("rollback");
    expect(refused).toMatchObject({ code: exitCodes["no-plan"].code });
    expect(refused.json.error.what).toMatch(/gave no answer: .*NoSuchBucket/);
  });
});

/** The configuration alone, in another folder with another home. */
async function anotherMachine(first: Workplace) {
  const place = await emptyPlace();
  place.ahead = first.ahead;
  await useConfiguration(place, join(first.dir, "clustershift.yaml"));
  const runsDir = join(place.dir, "runs");
  return { place, runsDir, run: ({ id }: RunFolder) => new RunFolder(runsDir, id) };
}
