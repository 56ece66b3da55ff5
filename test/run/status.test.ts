import { describe, expect, it } from "vitest";
import { type HeldObject, type HoldDirection, holdStep } from "../../src/model/held.js";
import type { JournalRecord } from "../../src/model/journal.js";
import { refKey } from "../../src/model/objects.js";
import type { Evidence } from "../../src/run/evidence.js";
import { statusOf } from "../../src/run/status.js";
import {
  ago,
  backDone,
  backIntent,
  blueGone,
  hour,
  journalOf,
  limits,
  minute,
  shiftDone,
  shiftIntent,
  soundEvidence,
  teardownDone,
} from "./evidence.js";

const sound = soundEvidence();
const { configHash, plan, approval, green, bundle, rehearsal, replay, parity, held, smoke } = sound;
const bare: Evidence = { now: sound.now, configHash, journal: [] };
const moved = journalOf([ago(25 * hour), shiftIntent], [ago(24 * hour), shiftDone]);

const cron = { group: "batch", kind: "CronJob", namespace: "shop", name: "daily" };
const heldCron: HeldObject = {
  object: cron,
  apiVersion: "batch/v1",
  hold: "cron-jobs",
  until: "cutover",
  pointer: "/spec/suspend",
  held: true,
};
const withHeld: Evidence = { ...sound, held: { ...held, objects: [heldCron] } };
const moveOf = (direction: HoldDirection, clusterId = green.clusterId): JournalRecord[] => {
  const step = holdStep(direction, 1, cron);
  const state = { clusterId, held: heldCron, owners: [] };
  return [
    { type: "intent", step, phase: direction, what: "", target: refKey(cron), before: state, after: state },
    { type: "done", step, result: {} },
  ];
};
const left: JournalRecord = {
  type: "event",
  phase: "release",
  event: "left",
  data: { clusterId: green.clusterId, object: refKey(cron) },
};

describe("statusOf, of what is held on green", () => {
  const name = "CronJob.batch shop/daily";
  const quiet = { object: name, hold: "cron-jobs", until: "cutover" };
  const after = (...records: JournalRecord[]) =>
    statusOf(
      { ...withHeld, journal: journalOf(...records.map((each): [string, JournalRecord] => [ago(minute), each])) },
      limits,
    );
  const [intent, done] = moveOf("release") as [JournalRecord, JournalRecord];

  it.each<[string, JournalRecord[], object, RegExp]>([
    ["before the cutover", [], { held: [quiet], released: [], left: [] }, /^clustershift cutover$/],
    ["killed before the release", [shiftIntent, shiftDone], { held: [quiet] }, /^clustershift cutover \(it goes on/],
    [
      "killed in the release",
      [shiftIntent, shiftDone, intent],
      { held: [quiet] },
      /^clustershift cutover \(it goes on/,
    ],
    ["released", [shiftIntent, shiftDone, intent, done], { held: [], released: [name] }, /^Wait for the soak time/],
    ["left", [shiftIntent, shiftDone, left], { held: [], released: [], left: [name] }, /^Wait for the soak time/],
    [
      "green not reached by the rollback",
      [shiftIntent, shiftDone, intent, done, backIntent, backDone],
      { held: [], released: [name] },
      /^clustershift rollback \(it goes on/,
    ],
    [
      "held again",
      [shiftIntent, shiftDone, intent, done, backIntent, backDone, ...moveOf("hold")],
      { held: [quiet], released: [] },
      /^clustershift cutover$/,
    ],
    [
      "released on another green",
      moveOf("release", "former-green"),
      { held: [quiet], released: [] },
      /^clustershift cutover$/,
    ],
  ])("%s", (_, records, expected, next) => {
    const status = after(...records);
    expect(status.quiet).toMatchObject(expected);
    expect(status.next).toMatch(next);
  });
});

/** The life of a run, evidence by evidence. */
describe("statusOf, through the life of a run", () => {
  it.each<[string, Evidence, { phase: string; next: RegExp; held?: string[]; traffic?: string }]>([
    ["nothing yet", bare, { phase: "plan", next: /^clustershift plan$/ }],
    ["planned", { ...bare, plan }, { phase: "approve", next: /^clustershift approve --by NAME$/ }],
    ["approved", { ...bare, plan, approval }, { phase: "up", next: /^clustershift up$/ }],
    ["green stands", { ...bare, plan, approval, green }, { phase: "export", next: /^clustershift export$/ }],
    ["exported", { ...bare, plan, approval, green, bundle }, { phase: "rehearse", next: /^clustershift rehearse$/ }],
    [
      "rehearsed",
      { ...bare, plan, approval, green, bundle, rehearsal },
      { phase: "migrate", next: /^clustershift migrate$/ },
    ],
    [
      "migrated",
      { ...bare, plan, approval, green, bundle, rehearsal, replay, parity },
      { phase: "smoke", next: /^clustershift smoke$/ },
    ],
    ["smoke passed", sound, { phase: "cutover", next: /^clustershift cutover$/ }],
    [
      "smoke grew old",
      { ...sound, smoke: { ...smoke, at: ago(hour) } },
      { phase: "cutover", next: /^clustershift smoke$/, held: ["smoke-stale"] },
    ],
    [
      "smoke failed",
      { ...sound, smoke: { ...smoke, passed: false } },
      { phase: "smoke", next: /^clustershift smoke$/ },
    ],
    [
      "after the window",
      { ...sound, now: sound.now + 8 * hour, smoke: { ...smoke, at: ago(-8 * hour + minute) } },
      { phase: "cutover", next: /Set the next window/, held: ["outside-window"] },
    ],
    [
      "cutover under way",
      { ...sound, journal: journalOf([ago(1), shiftIntent]) },
      { phase: "cutover", next: /^clustershift cutover$/, traffic: "between" },
    ],
    [
      "moved back",
      { ...sound, journal: journalOf([ago(9), shiftIntent], [ago(8), backIntent], [ago(7), backDone]) },
      { phase: "cutover", next: /^clustershift cutover$/, traffic: "blue" },
    ],
    [
      "soaking",
      { ...sound, now: sound.now - 1, journal: moved },
      {
        phase: "soak",
        next: /^Wait for the soak time, then: clustershift teardown/,
        held: ["soak-not-over"],
        traffic: "green",
      },
    ],
    [
      "soaked",
      { ...sound, journal: moved },
      { phase: "teardown", next: /^clustershift teardown --confirm BLUE$/, traffic: "green" },
    ],
    [
      "torn down",
      { ...sound, journal: [...moved, ...journalOf([ago(0), teardownDone])] },
      { phase: "finished", next: /next run's blue/, traffic: "green" },
    ],
    [
      "torn down, by the next run's configuration",
      { ...sound, blue: "green", journal: [...moved, ...journalOf([ago(0), blueGone], [ago(0), teardownDone])] },
      { phase: "finished", next: /^clustershift plan$/, traffic: "green" },
    ],
    [
      "plan edited",
      { ...bare, plan: { ...plan, environment: "x" } },
      { phase: "approve", next: /^clustershift plan && clustershift approve/, held: ["plan-changed"] },
    ],
    [
      "configuration changed after approval",
      { ...sound, configHash: "x" },
      { phase: "approve", next: /^clustershift plan && clustershift approve/, held: ["plan-changed"] },
    ],
    [
      "a new green took the place of the first",
      { ...sound, green: { ...green, clusterId: "second" } },
      { phase: "migrate", next: /^clustershift migrate$/ },
    ],
    [
      "exported again",
      { ...sound, bundle: { ...bundle, hash: "second" } },
      { phase: "rehearse", next: /^clustershift rehearse$/ },
    ],
  ])("%s", (_, evidence, { phase, next, held = [], traffic = "blue" }) => {
    const status = statusOf(evidence, limits);
    expect(status).toMatchObject({ phase, traffic, next: expect.stringMatching(next) });
    expect(status.held.map(({ gate }) => gate)).toEqual(held);
  });

  it("tells what is done, and the way back, at each stand of the traffic", () => {
    expect(statusOf(sound, limits).done).toEqual(["plan", "approve", "up", "export", "rehearse", "migrate", "smoke"]);
    expect(statusOf({ ...sound, journal: moved }, limits).done).toContain("soak");
    expect(statusOf(sound, limits).wayBack).toMatch(/^Nothing to go back from/);
    expect(statusOf({ ...sound, journal: journalOf([ago(1), shiftIntent]) }, limits).wayBack).toMatch(
      /^clustershift rollback/,
    );
    expect(statusOf({ ...sound, journal: moved }, limits).wayBack).toMatch(/^clustershift rollback/);
    const gone = { ...sound, journal: [...moved, ...journalOf([ago(0), teardownDone])] };
    expect(statusOf(gone, limits).wayBack).toMatch(/^None: blue is gone/);
  });

  it("shows no phase as done that its gate would refuse", () => {
    const lost = { ...replay, accounting: { ...replay.accounting, total: { ...replay.accounting.total, listed: 4 } } };
    expect(statusOf({ ...sound, replay: lost }, limits)).toMatchObject({ phase: "migrate" });
  });
});
