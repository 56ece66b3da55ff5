import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Context } from "../../../src/commands/shared/command.js";
import {
  describeHeldAgain,
  describeOutcomes,
  HeldFile,
  holdGreenAgain,
  releasable,
} from "../../../src/commands/shared/holds.js";
import type { Project } from "../../../src/commands/shared/project.js";
import { type HeldObject, holdStep } from "../../../src/model/held.js";
import type { Journal, JournalEntry, JournalRecord } from "../../../src/model/journal.js";
import type { KubeObject } from "../../../src/model/objects.js";
import type { Departure } from "../../../src/replay/prepare.js";
import { RunFolder } from "../../../src/run/run-folder.js";
import { soundEvidence } from "../../run/evidence.js";

let dir: string;
let run: RunFolder;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "clustershift-holds-"));
  run = new RunFolder(dir, "20261128T220000Z");
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const now = () => new Date("2026-11-28T22:00:00Z");
const cronJob = (name: string): KubeObject => ({
  apiVersion: "batch/v1",
  kind: "CronJob",
  metadata: { name, namespace: "shop" },
  spec: { suspend: true },
});
const departure = (name: string, original?: unknown): Departure =>
  ({
    object: cronJob(name),
    ...(original !== undefined && {
      held: { hold: "cron-jobs", until: "cutover", pointer: "/spec/suspend", held: true, original },
    }),
  }) as unknown as Departure;
const heldObject = (name: string): HeldObject => ({
  object: { group: "batch", kind: "CronJob", namespace: "shop", name },
  apiVersion: "batch/v1",
  hold: "cron-jobs",
  until: "cutover",
  pointer: "/spec/suspend",
  held: true,
  original: false,
});
const journalOf = (...records: JournalRecord[]): Journal => ({
  entries: () => records.map((record, index): JournalEntry => ({ ...record, seq: index + 1, at: "", sum: "" })),
  append: async () => undefined,
});
const released = (name: string, clusterId: string): JournalRecord[] => {
  const held = heldObject(name);
  const step = holdStep("release", 1, held.object);
  const state = { clusterId, held, owners: [] };
  return [
    { type: "intent", step, phase: "release", what: "", target: name, before: state, after: state },
    { type: "done", step, result: {} },
  ];
};

describe("held.json", () => {
  const names = async () =>
    (await run.read("held.json"))?.objects.map(({ object, original }) => [object.name, original]);

  it("follows what blue has, and forgets what isn't held any more", async () => {
    const file = await HeldFile.open(run, "green-id", now);
    await file.note([departure("daily", false), departure("weekly", false)]);
    expect(await names()).toEqual([
      ["daily", false],
      ["weekly", false],
    ]);
    await file.note([departure("daily", null), departure("weekly")]);
    expect(await names()).toEqual([["daily", null]]);
  });

  it("keeps what only following brought, and nothing of another green", async () => {
    await (await HeldFile.open(run, "green-id", now)).note([departure("followed", false)]);
    await (await HeldFile.open(run, "green-id", now)).note([departure("daily", false)]);
    expect(await names()).toEqual([
      ["followed", false],
      ["daily", false],
    ]);
    await (await HeldFile.open(run, "next-green", now)).note([departure("daily", false)]);
    expect(await names()).toEqual([["daily", false]]);
  });
});

describe("what a command releases", () => {
  const record = { format: 1 as const, at: "", green: { clusterId: "green-id" }, objects: [heldObject("daily")] };

  it("is what is held until then, on this green, and not released yet", () => {
    const names = (...args: Parameters<typeof releasable>) => releasable(...args).map(({ object }) => object.name);
    expect(names(record, journalOf(), ["cutover"], "green-id")).toEqual(["daily"]);
    expect(names(record, journalOf(), ["teardown"], "green-id")).toEqual([]);
    expect(names(record, journalOf(), ["cutover"], "next-green")).toEqual([]);
    expect(names(record, journalOf(...released("daily", "green-id")), ["cutover"], "green-id")).toEqual([]);
    expect(names(undefined, journalOf(), ["cutover"], "green-id")).toEqual([]);
  });

  it("is told by its number, and one by one where it isn't as it should be", () => {
    const { object, hold } = heldObject("daily");
    expect(
      describeOutcomes(
        [
          { object, hold, outcome: "done" },
          { object, hold, outcome: "left", detail: "/spec/suspend is false" },
          { object, hold, outcome: "failed", detail: "denied by a webhook" },
        ],
        "released",
      ),
    ).toEqual([
      "1 of 3 object(s) released on green.",
      "  left as somebody changed it: CronJob.batch shop/daily: /spec/suspend is false",
      "  NOT released: CronJob.batch shop/daily: denied by a webhook",
    ]);
    expect(describeOutcomes([], "released")).toEqual([]);
  });
});

describe("holding again on a green that doesn't answer", () => {
  const { green } = soundEvidence();
  const context = { edges: { env: {}, now, signal: new AbortController().signal } } as unknown as Context;
  const project = { config: { green: {} }, dir: "" } as unknown as Project;
  const kubeconfig = `apiVersion: v1
kind: Config
clusters: [{ name: green, cluster: { server: "https://127.0.0.1:1" } }]
users: [{ name: green, user: { token: none } }]
contexts: [{ name: green, context: { cluster: green, user: green } }]
`;

  it("says so, and throws nothing: traffic is back already", async () => {
    await run.write("green.json", green);
    await writeFile(run.path(green.kubeconfig), kubeconfig);
    const held = await holdGreenAgain(project, run, journalOf(...released("daily", green.clusterId)), context);
    expect(held.outcomes).toEqual([]);
    expect(held.trouble).toContain("127.0.0.1:1");
    expect(describeHeldAgain(held)).toEqual([
      expect.stringContaining("may act beside blue"),
      "Once it answers: clustershift rollback",
    ]);
  });

  it.each([
    ["there is no green", false, released("daily", green.clusterId)],
    ["nothing was released", true, []],
    ["it was another green that something was released on", true, released("daily", "former-green")],
  ])("isn't tried where %s", async (_, stands, records) => {
    if (stands) await run.write("green.json", green);
    expect(await holdGreenAgain(project, run, journalOf(...records), context)).toEqual({ outcomes: [] });
  });
});
