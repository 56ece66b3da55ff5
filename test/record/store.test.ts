import { randomBytes } from "node:crypto";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBucket } from "../../src/aws/s3.js";
import { bucketStore } from "../../src/record/bucket.js";
import { timeLimit } from "../../src/record/deadline.js";
import { greenStore } from "../../src/record/green.js";
import { addPieces, joinPieces, Superseded } from "../../src/record/pieces.js";
import { breakSharedLock, readSharedLock, takeSharedLock } from "../../src/record/shared-lock.js";
import { putState, stateOf } from "../../src/record/state-copies.js";
import type { RecordStore } from "../../src/record/store.js";
import { openTestAws } from "../aws/moto.js";
import { open, servers, why } from "../replay/servers.js";
import { memoryStore } from "./memory-store.js";
import { owner } from "./owner.js";

const mark = randomBytes(4).toString("hex");
const emulator = await openTestAws();
const region = "eu-central-1";
afterAll(async () => {
  if ("front" in emulator) await emulator.close();
});

async function openBucketStore(): Promise<RecordStore> {
  const endpoint = "front" in emulator ? emulator.front.endpoint : "";
  const name = `records-${mark}`;
  const client = new S3Client({ region, endpoint, forcePathStyle: true });
  await client.send(
    new CreateBucketCommand({ Bucket: name, CreateBucketConfiguration: { LocationConstraint: region } }),
  );
  client.destroy();
  const clock = { now: () => Date.now(), sleep: (ms: number) => new Promise<void>((done) => setTimeout(done, ms)) };
  return bucketStore(openBucket(name, { region, endpoint }, { clock }), `acme/${mark}`);
}

/** The stores as they are, and what all of them must do. */
const kinds: [string, boolean, () => Promise<RecordStore>][] = [
  ["in memory", true, async () => memoryStore()],
  [
    `in a bucket${"missing" in emulator ? ` (skipped: ${emulator.missing})` : ""}`,
    "front" in emulator,
    openBucketStore,
  ],
  [`in green${why}`, servers !== undefined, async () => greenStore(await open(servers?.greenFile ?? ""))],
];

describe.each(kinds)("a record %s", (_name, there, openStore) => {
  const soon = () => timeLimit(20_000);
  // The servers are shared by all tests: a run of this file's own.
  const run = `20261128T220000Z-${Number.parseInt(mark.slice(0, 6), 16)}`;
  const text = (value: string) => Buffer.from(value);
  let store: RecordStore;
  beforeAll(async () => {
    if (there) store = await openStore();
  });
  afterAll(async () => {
    if (there) await store.close();
  });

  it.skipIf(!there)("is written by conditions, read whole, and shared by two", async () => {
    expect(await store.get(run, "lock.json", soon())).toBeUndefined();
    const first = await store.put(run, "lock.json", text("ä1"), "absent", soon());
    expect(await store.put(run, "lock.json", text("2"), "absent", soon())).toBeUndefined();
    const second = await store.put(run, "lock.json", text("3"), { version: String(first) }, soon());
    expect(await store.put(run, "lock.json", text("4"), { version: String(first) }, soon())).toBeUndefined();
    expect(await store.get(run, "lock.json", soon())).toEqual({ bytes: text("3"), version: second });
    expect(await store.put(`${run}1`, "lock.json", text("5"), { version: String(second) }, soon())).toBeUndefined();
    const both = await Promise.all(
      ["a", "b"].map((value) => store.put(run, "lock.json", text(value), { version: String(second) }, soon())),
    );
    expect(both.filter((version) => version === undefined)).toHaveLength(1);

    const bytes = Buffer.from([0xff, 0x00, 0x0a]);
    await store.put(run, "journal/000000000000", bytes, "absent", soon());
    await store.put(run, "state/plan.json", text("{}"), "any", soon());
    await store.put(run, "state/plan.json", text('{"a":1}'), "any", soon());
    const all = await store.all(run, soon());
    expect([...all.keys()].sort()).toEqual(["journal/000000000000", "lock.json", "state/plan.json"]);
    expect(all.get("journal/000000000000")).toEqual(bytes);
    expect(all.get("state/plan.json")).toEqual(text('{"a":1}'));
    const names = await store.names(run, soon());
    expect(names.find(({ name }) => name === "state/plan.json")).toMatchObject({ size: 7 });
    expect(await store.runs(soon())).toContain(run);
  });

  it.skipIf(!there)("keeps a journal in pieces, a large state file in parts, and a lock with its epoch", async () => {
    const small = { ...store, largest: 100 };
    const other = `${run}7`;
    const journal = text(`${"x".repeat(250)}\n`);
    expect(await addPieces(small, other, 0, journal, 20_000)).toBe(251);
    expect(await addPieces(small, other, 251, text("more\n"), 20_000)).toBe(256);
    await expect(addPieces(small, other, 251, text("else\n"), 20_000)).rejects.toThrow(Superseded);
    const plan = JSON.stringify({ random: randomBytes(400).toString("hex") });
    await putState(small, other, new Map([["plan.json", plan]]), new Map(), 20_000);
    const all = await store.all(other, soon());
    expect(joinPieces(all).toString()).toBe(`${journal.toString()}more\n`);
    expect(stateOf(all)).toEqual(new Map([["plan.json", plan]]));

    const options = { now: "2026-11-28T22:00:00Z", deadlineMs: 20_000, isGone: () => false };
    const [mine, theirs] = [owner("jo"), owner("al")];
    expect(await takeSharedLock(store, other, { ...options, owner: mine })).toMatchObject({ lock: { epoch: 1 } });
    await expect(takeSharedLock(store, other, { ...options, owner: theirs })).rejects.toMatchObject({
      code: "locked",
      message: expect.stringMatching(/jo on .* last heard of 2026-11-28/),
      fix: expect.stringContaining(`clustershift unlock --run ${other}`),
    });
    await breakSharedLock(store, other, { by: "al", host: "h", at: "2026-11-28T23:00:00Z" }, 20_000);
    expect(await takeSharedLock(store, other, { ...options, owner: theirs })).toMatchObject({ lock: { epoch: 3 } });
    expect((await readSharedLock(store, other, 20_000))?.lock.holder).toEqual(theirs);
  });
});
