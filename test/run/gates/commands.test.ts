import { describe, expect, it } from "vitest";
import type { ExitCodeName } from "../../../src/model/exit-codes.js";
import { type GatedCommand, gatesOf } from "../../../src/run/gates/index.js";
import { ago, backDone, hour, journalOf, minute, now, shiftIntent, soundEvidence, teardownDone } from "../evidence.js";
import {
  backedUp,
  blocker,
  byVelero,
  kept,
  moved,
  planned,
  refusals,
  restoredOn,
  type Spoil,
  without,
} from "./spoil.js";

describe("the other commands", () => {
  it.each<[GatedCommand, string, Spoil, ExitCodeName[]]>([
    ["approve", "sound", (e) => e, []],
    ["approve", "not approved yet", without("approval"), []],
    ["approve", "blocked", planned({ findings: [blocker] }), ["plan-blocked"]],
    ["up", "sound", without("green", "bundle", "rehearsal", "replay", "smoke"), []],
    ["up", "not approved", without("approval"), ["plan-not-approved"]],
    ["up", "green serves", (e) => ({ ...e, journal: moved }), ["traffic-moved"]],
    ["export", "planned only", without("approval", "green", "bundle", "rehearsal", "replay", "smoke"), []],
    ["export", "no plan", without("plan"), ["no-plan"]],
    ["rehearse", "no bundle", without("bundle"), ["bundle-missing"]],
    ["migrate", "sound", without("replay", "smoke"), []],
    ["migrate", "outside the window", (e) => ({ ...e, now: now + 100 * hour }), []],
    ["migrate", "not rehearsed", without("rehearsal"), ["rehearsal-missing"]],
    ["migrate", "traffic between", (e) => ({ ...e, journal: journalOf([ago(1), shiftIntent]) }), ["traffic-moved"]],
    [
      "migrate",
      "after the way back",
      (e) => ({ ...e, journal: journalOf([ago(3), shiftIntent], [ago(2), backDone]) }),
      [],
    ],
    ["smoke", "no green", without("green"), ["green-missing"]],
    ["teardown", "traffic at blue", (e) => e, ["green-not-serving", "soak-not-over"]],
    [
      "teardown",
      "traffic between",
      (e) => ({ ...e, journal: journalOf([ago(48 * hour), shiftIntent]) }),
      ["green-not-serving", "soak-not-over"],
    ],
    ["teardown", "soak time just over", (e) => ({ ...e, journal: moved }), []],
    ["teardown", "soak time just not over", (e) => ({ ...e, now: now - 1, journal: moved }), ["soak-not-over"]],
    [
      "teardown",
      "the clock jumped back before the cutover",
      (e) => ({ ...e, now: now - 100 * hour, journal: moved }),
      ["soak-not-over"],
    ],
    ["teardown", "no backup was verified", (e) => ({ ...without("backup")(e), journal: moved }), ["backup-unverified"]],
    [
      "teardown",
      "the backup has defects",
      (e) => ({ ...backedUp({ outcome: "failed" })(e), journal: moved }),
      ["backup-unverified"],
    ],
    [
      "teardown",
      "nothing was restored",
      (e) => ({ ...backedUp({ restoredInto: null })(e), journal: moved }),
      ["backup-unverified"],
    ],
    [
      "teardown",
      "a backup of another cluster",
      (e) => ({ ...backedUp({ source: { version: "v1.24.17", clusterId: "another" } })(e), journal: moved }),
      ["backup-unverified"],
    ],
    [
      "teardown",
      "another backup, older than the plan",
      (e) => ({ ...backedUp({}, ago(200 * hour))(e), journal: moved }),
      ["backup-unverified"],
    ],
    [
      "teardown",
      "another backup, newer than the plan",
      (e) => ({ ...backedUp({}, ago(minute))(e), journal: moved }),
      [],
    ],
    [
      "teardown",
      "a backup that Velero has deleted since",
      (e) => ({ ...kept(ago(minute))(e), journal: moved }),
      ["backup-unverified"],
    ],
    ["teardown", "a backup that Velero still keeps", (e) => ({ ...kept(ago(-hour))(e), journal: moved }), []],
    ["cutover", "no backup was verified", without("backup"), ["backup-unverified"]],
    [
      "cutover",
      "Velero has restored",
      (e) => ({ ...planned({ volumes: [byVelero] })(e), journal: [...e.journal, restoredOn(e.green.clusterId)] }),
      [],
    ],
    ["volumes restore", "traffic at green", (e) => ({ ...e, journal: moved }), []],
    ["teardown", "no bundle", (e) => ({ ...without("bundle")(e), journal: moved }), ["bundle-missing"]],
    [
      "teardown",
      "finished",
      (e) => ({ ...e, journal: [...moved, ...journalOf([ago(0), teardownDone])] }),
      ["run-finished"],
    ],
  ])("%s, %s", (command, _, spoil, codes) => {
    expect(refusals(command, spoil(soundEvidence())).map(({ gate }) => gate.id)).toEqual(codes);
  });

  it("all refuse once the run has ended", () => {
    const evidence = { ...soundEvidence(), journal: journalOf([ago(0), teardownDone]) };
    for (const command of Object.keys(gatesOf) as GatedCommand[]) {
      expect(refusals(command, evidence)[0]?.gate.id, command).toBe("run-finished");
    }
  });
});
