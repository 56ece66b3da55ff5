import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Journal } from "../../src/model/journal.js";
import type { CheckResult } from "../../src/model/smoke.js";
import type { Analysed } from "../../src/model/verdict.js";
import { cutConnection, pendingChanges, priorRequestNotComplete, throttle } from "../../src/sandbox/aws/faults.js";
import { planRollback, rollback } from "../../src/traffic/rollback.js";
import { planShift, type ShiftEdges, shift, type Verdict } from "../../src/traffic/shift.js";
import { groupName, groupsOf } from "../../src/traffic/targets/load-balancer/actions.js";
import type { Stage } from "../../src/traffic/targets/target.js";
import { virtualClock } from "../aws/clock.js";
import { openTestAws } from "../aws/moto.js";
import { Crash, crashingAt, createWorld, memoryJournal, small, type World } from "./world.js";

const opened = await openTestAws();

describe.skipIf("missing" in opened)(`shift${"missing" in opened ? ` (skipped: ${opened.missing})` : ""}`, () => {
  if ("missing" in opened) return;
  const { front } = opened;
  let world: World;
  beforeAll(async () => {
    world = await createWorld(front, `shift-${process.pid}.example`);
  });
  afterEach(async () => {
    front.faults.length = 0;
    await world.reset();
  });
  afterAll(() => opened.close());

  const input = ({ targets }: World, steps = [25, 100]) => ({ targets, steps, holdMs: 1_000 });
  const passing = async (): Promise<Verdict> => ({ outcome: "passed", detail: "fine" });
  const edgesOf = (world: World, journal: Journal, more: Partial<ShiftEdges> = {}): ShiftEdges => {
    const clock = virtualClock();
    return { aws: world.aws(clock), journal, clock, check: passing, ...more };
  };
  const weightsOf = async (world: World, host: string) =>
    (await world.snapshot()).records
      .filter(({ Name }) => Name.startsWith(`${host}.`))
      .map(({ SetIdentifier, Weight }) => [SetIdentifier, Weight]);
  /** Everything of green, and blue with weight 0. */
  const expectMoved = async (world: World) => {
    expect(await weightsOf(world, "app")).toEqual([
      ["clustershift-blue", 0],
      ["clustershift-green", 100],
    ]);
    expect(await weightsOf(world, "partner")).toEqual([
      ["clustershift-green", 100],
      ["partner-east", 0],
      ["partner-west", 0],
    ]);
    const { addresses, rules } = await world.snapshot();
    for (const { actions } of rules) {
      const serving = actions.flatMap((action) => groupsOf(action)).filter(({ Weight }) => Weight > 0);
      expect(serving.map(({ TargetGroupArn }) => groupName(TargetGroupArn))).toEqual([
        expect.stringMatching(/^green-/),
      ]);
    }
    expect(rules).toHaveLength(2);
    const places = new Map(addresses.map(({ allocationId, instanceId }) => [allocationId, instanceId]));
    for (const target of world.targets) {
      if (target.kind === "elastic-ip") expect(places.get(target.allocationId)).toBe(target.greenInstanceId);
    }
  };

  it("moves everything in steps, and back exactly, twice", async () => {
    const journal = memoryJournal();
    const before = await world.snapshot();
    for (const attempt of [1, 2]) {
      const stages: string[] = [];
      const weights: unknown[] = [];
      const check = async (stage: Stage) => {
        stages.push(stage.id);
        weights.push(await weightsOf(world, "app"));
        return passing();
      };
      const result = await shift(input(world), edgesOf(world, journal, { check }));
      expect(result).toEqual({ outcome: "moved", attempt, apiMs: expect.any(Number) });
      expect(stages).toEqual([
        "share/25",
        "share/100",
        "elastic-ip/syslog/eu-central-1a",
        "elastic-ip/syslog/eu-central-1b",
      ]);
      expect(weights[0]).toEqual([
        ["clustershift-blue", 75],
        ["clustershift-green", 25],
      ]);
      await expectMoved(world);
      expect(await rollback(edgesOf(world, journal))).toMatchObject({ outcome: "moved-back", attempt });
      expect(await world.snapshot()).toEqual(before);
    }
    expect(await rollback(edgesOf(world, journal))).toEqual({ outcome: "nothing-to-do" });
  });

  it("leaves other people's records alone at every step", async () => {
    const foreign = async () =>
      (await world.snapshot()).records.filter(({ Name }) => !/^(app|api|partner)\./.test(Name));
    const before = await foreign();
    const check = async () => {
      expect(await foreign()).toEqual(before);
      return passing();
    };
    await shift(input(world), edgesOf(world, memoryJournal(), { check }));
    expect(before.length).toBeGreaterThan(4);
  });

  it("plans what it then does, and writes nothing for it", async () => {
    const journal = memoryJournal();
    const before = await world.snapshot();
    const planned = await planShift(input(world), edgesOf(world, journal));
    expect(journal.entries()).toEqual([]);
    expect(await world.snapshot()).toEqual(before);
    await shift(input(world), edgesOf(world, journal));
    const done = journal.entries().flatMap((entry) => (entry.type === "intent" ? [entry.step] : []));
    expect(planned.stages.flatMap(({ moves }) => moves.map(({ step }) => step))).toEqual(done);
    const back = await planRollback(edgesOf(world, journal));
    await rollback(edgesOf(world, journal));
    const returned = journal.entries().flatMap((entry) => (entry.type === "intent" ? [entry.target] : []));
    expect(returned.slice(done.length)).toEqual(back.moves.map(({ key }) => key));
  });

  it("waits for INSYNC and for the records' own TTL before each check", async () => {
    const partner = (await world.snapshot()).records.find(({ Name }) => Name.startsWith("partner."));
    // More than the hold, and than the other names' TTLs.
    const wait = (partner?.TTL ?? 0) * 1000 + 7_000;
    expect(wait).toBeGreaterThan(20_000);
    const clock = virtualClock();
    const times: number[] = [];
    const began = clock.now();
    front.faults.push(pendingChanges(7_000, () => clock.now()));
    const check = async () => {
      times.push(clock.now() - began);
      return passing();
    };
    await shift(input(world), edgesOf(world, memoryJournal(), { clock, aws: world.aws(clock), check }));
    expect(times[0]).toBeGreaterThanOrEqual(wait);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(wait);
  });

  it.each(["share/25", "share/100", "elastic-ip/syslog/eu-central-1a"])(
    "moves everything back by itself when the check after %s fails",
    async (bad) => {
      const journal = memoryJournal();
      const before = await world.snapshot();
      const check = async ({ id }: Stage): Promise<Verdict> =>
        id === bad ? { outcome: "failed", detail: "502 from green" } : passing();
      const result = await shift(input(world), edgesOf(world, journal, { check }));
      expect(result).toMatchObject({
        outcome: "moved-back",
        failed: { stage: bad, outcome: "failed", detail: "502 from green" },
      });
      expect(await world.snapshot()).toEqual(before);
    },
  );

  it("holds while a check is inconclusive, and goes back once that was for too long", async () => {
    const before = await world.snapshot();
    let looks = 0;
    const check = async () => {
      looks++;
      throw new Error("green's API is down");
    };
    const held = { ...input(world), inconclusiveForMs: 100_000 };
    const result = await shift(held, edgesOf(world, memoryJournal(), { check }));
    expect(result).toMatchObject({ outcome: "moved-back", failed: { outcome: "inconclusive" } });
    // At once, every 30 seconds, and at the end.
    expect(looks).toBe(5);
    expect(await world.snapshot()).toEqual(before);
  });

  it("goes on as soon as a held check passes, and back as soon as it fails; the journal has each new verdict", async () => {
    const verdict = (outcome: CheckResult["outcome"]): Verdict => {
      const checks = [{ name: "errors", kind: "prometheus", outcome, detail: outcome, ms: 1 }];
      return { outcome, detail: `errors: ${outcome}`, checks };
    };
    const journal = memoryJournal();
    const said = [
      verdict("inconclusive"),
      verdict("inconclusive"),
      verdict("passed"),
      verdict("inconclusive"),
      verdict("failed"),
    ];
    const check = async () => said.shift() ?? verdict("passed");
    const held = { ...input(world), inconclusiveForMs: 3_600_000 };
    const result = await shift(held, edgesOf(world, journal, { check }));
    expect(result).toMatchObject({ outcome: "moved-back", failed: { stage: "share/100", outcome: "failed" } });
    const analysed = journal
      .entries()
      .flatMap((entry) => (entry.type === "event" && entry.event === "analysed" ? [entry.data] : []));
    const summary = ({ stage, outcome, checks }: Analysed) => [stage, outcome, checks.length];
    expect((analysed as Analysed[]).map(summary)).toEqual([
      ["share/25", "inconclusive", 1],
      ["share/25", "passed", 1],
      ["share/100", "inconclusive", 1],
      ["share/100", "failed", 1],
    ]);
  });

  it.each([
    ["before the first stage, and nothing moves", 0, "share/25"],
    ["between two stages, and everything goes back", 1, "share/100"],
  ])("goes back by itself where it may not go on, %s", async (_, allowed, stage) => {
    const before = await world.snapshot();
    const effects = world.effects();
    let asked = 0;
    const mayGoOn = async () => (asked++ < allowed ? undefined : "the window closes");
    const result = await shift(input(world), edgesOf(world, memoryJournal(), { mayGoOn }));
    const failed = { stage, outcome: "failed", detail: "the window closes" };
    expect(result).toMatchObject({ outcome: "moved-back", failed });
    expect(await world.snapshot()).toEqual(before);
    if (allowed === 0) expect(world.effects()).toBe(effects);
  });

  it("goes back where it can't be told whether it may go on, also while a check is inconclusive", async () => {
    const before = await world.snapshot();
    let asked = 0;
    const mayGoOn = async () => {
      if (asked++ > 1) throw new Error("no clock");
      return undefined;
    };
    const check = async (): Promise<Verdict> => ({ outcome: "inconclusive", detail: "?" });
    const held = { ...input(world), inconclusiveForMs: 3_600_000 };
    const result = await shift(held, edgesOf(world, memoryJournal(), { mayGoOn, check }));
    expect(result).toMatchObject({ failed: { outcome: "failed", detail: expect.stringContaining("no clock") } });
    expect(asked).toBe(3);
    expect(await world.snapshot()).toEqual(before);
  });

  it("stops at a record that somebody else changed, shows it, and writes nothing more", async () => {
    const journal = memoryJournal();
    let edited = {};
    const seen: string[] = [];
    const check = async ({ id }: Stage) => {
      seen.push(id);
      const record = (await world.snapshot()).records.find(({ SetIdentifier }) => SetIdentifier === "partner-east");
      if (record) await world.edit({ ...record, ResourceRecords: [{ Value: "203.0.113.66" }] });
      edited = await world.snapshot();
      return passing();
    };
    await expect(shift(input(world), edgesOf(world, journal, { check }))).rejects.toMatchObject({
      code: "drifted",
      message: expect.stringContaining("203.0.113.66"),
    });
    expect(seen).toEqual(["share/25"]);
    expect(await world.snapshot()).toEqual(edited);
    await expect(rollback(edgesOf(world, journal))).rejects.toMatchObject({ code: "drifted" });
    expect(await world.snapshot()).toEqual(edited);
    // Unless one says that the other's change may be lost.
    const before = journal.entries().find((entry) => entry.type === "intent")?.before;
    await rollback(edgesOf(world, journal), { overwrite: [`route53:${world.zoneId}`] });
    const ours = (await world.snapshot()).records.filter(({ Name }) => /^(app|api|partner)\./.test(Name));
    expect(ours).toEqual(expect.arrayContaining(before as unknown[]));
    expect(ours).toHaveLength((before as unknown[]).length);
  });

  it("stops at an address that somebody else moved", async () => {
    const first = world.targets.find((target) => target.kind === "elastic-ip" && target.zone.endsWith("a"));
    const stolen = first?.kind === "elastic-ip" ? first.allocationId : "";
    const check = async ({ id }: Stage) => {
      if (id === "share/100") await world.steal(stolen);
      return passing();
    };
    const effects = world.effects();
    const run = shift(input(world), edgesOf(world, memoryJournal(), { check }));
    await expect(run).rejects.toMatchObject({ code: "drifted", message: expect.stringContaining(stolen) });
    // Both steps of the zone, the listener and its rule.
    expect(world.effects() - effects).toBe(2 * 3);
  });

  it("refuses, before it writes, what it could not bring back", async () => {
    const journal = memoryJournal();
    const missing = {
      kind: "route53",
      zoneId: world.zoneId,
      name: "nowhere.example.",
      type: "A",
      green: ["192.0.2.1"],
    };
    const wrong = { ...missing, name: "app.example.", type: "AAAA" };
    const targets = [...world.targets, missing, wrong] as World["targets"];
    const run = shift({ ...input(world), targets }, edgesOf(world, journal));
    await expect(run).rejects.toMatchObject({ code: "config-invalid", message: expect.stringContaining("nowhere") });
    expect(journal.entries()).toEqual([]);
  });

  it("gets through throttling, a busy zone and cut connections with each effect done once", async () => {
    const before = await world.snapshot();
    const journal = memoryJournal();
    const undisturbed = world.effects();
    await shift(input(world), edgesOf(world, journal));
    const needed = world.effects() - undisturbed;
    await rollback(edgesOf(world, journal));

    const refusals = [
      throttle({ action: "ChangeResourceRecordSets", times: 2 }),
      priorRequestNotComplete({ times: 2 }),
      throttle({ action: "AssociateAddress", times: 1 }),
      throttle({ action: "DescribeAddresses", times: 1 }),
      throttle({ action: "ModifyRule", times: 1 }),
    ];
    front.faults.push(
      ...refusals,
      cutConnection({ action: "ChangeResourceRecordSets", when: "after", times: 1 }),
      cutConnection({ action: "AssociateAddress", when: "after", times: 1 }),
      cutConnection({ action: "AssociateAddress", when: "before", times: 1 }),
      cutConnection({ action: "ModifyListener", when: "after", times: 1 }),
    );
    const began = world.effects();
    await shift(input(world), edgesOf(world, journal));
    await expectMoved(world);
    // The front counts what it refused too: 6 refusals, and one cut before the emulator saw it.
    expect(world.effects() - began).toBe(needed + 6 + 1);
    front.faults.push(cutConnection({ action: "ChangeResourceRecordSets", when: "after", times: 1 }));
    await rollback(edgesOf(world, journal));
    expect(await world.snapshot()).toEqual(before);
  });

  it("gives up on what AWS refuses for good, says so in the journal, and goes on later", async () => {
    const journal = memoryJournal();
    front.faults.push(({ action }) =>
      action === "AssociateAddress"
        ? {
            kind: "answer",
            when: "before",
            status: 403,
            body: "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>",
          }
        : undefined,
    );
    await expect(shift(input(world), edgesOf(world, journal))).rejects.toMatchObject({ code: "effect-failed" });
    expect(journal.entries().at(-1)).toMatchObject({
      type: "failed",
      error: expect.stringContaining("AssociateAddress"),
    });
    front.faults.length = 0;
    expect(await shift(input(world), edgesOf(world, journal))).toMatchObject({ outcome: "moved" });
    await expectMoved(world);
  });

  it("stops between two steps when it is interrupted, and goes on", async () => {
    const journal = memoryJournal();
    const stop = new AbortController();
    const check = async () => {
      stop.abort();
      return passing();
    };
    const run = shift(input(world), edgesOf(world, journal, { check, signal: stop.signal }));
    await expect(run).rejects.toMatchObject({ code: "interrupted" });
    expect(await weightsOf(world, "app")).toEqual([
      ["clustershift-blue", 75],
      ["clustershift-green", 25],
    ]);
    await shift(input(world), edgesOf(world, journal));
    await expectMoved(world);
  });

  describe("killed before and after every journal write and effect", () => {
    const kill = async (
      point: number,
      journal: Journal,
      world: World,
      story: (edges: ShiftEdges) => Promise<unknown>,
      counts?: () => boolean,
    ) => {
      const edges = edgesOf(world, journal);
      const { state, ...dying } = crashingAt(point, edges.aws, journal, counts);
      const outcome = await story({ ...edges, ...dying }).catch((error: unknown) => error);
      if (state.happened) expect(outcome).toBeInstanceOf(Crash);
      return state.happened;
    };

    /** A smaller world: each of its points is tried in a shift of its own. */
    let little: World;
    beforeAll(async () => {
      little = await createWorld(front, `shift-little-${process.pid}.example`, small);
    });
    const all = (of: World) => input(of, [100]);

    it("goes on to exactly the planned state with no effect done twice, and back to exactly the original", async () => {
      const before = await little.snapshot();
      await shift(all(little), edgesOf(little, memoryJournal()));
      const moved = await little.snapshot();
      await little.reset();
      let points = 0;
      for (let happened = true; happened; points++) {
        const journal = memoryJournal();
        const effects = little.effects();
        happened = await kill(points, journal, little, (edges) => shift(all(little), edges));
        await shift(all(little), edgesOf(little, journal));
        expect(await little.snapshot()).toEqual(moved);
        expect(little.effects() - effects).toBe(3);
        await rollback(edgesOf(little, journal));
        expect(await little.snapshot()).toEqual(before);
      }
      expect(points).toBeGreaterThan(10);
    });

    it("goes back to exactly the original from wherever it was killed", async () => {
      const before = await little.snapshot();
      for (let point = 0, happened = true; happened; point++) {
        const journal = memoryJournal();
        happened = await kill(point, journal, little, (edges) => shift(all(little), edges));
        await rollback(edgesOf(little, journal));
        expect(await little.snapshot()).toEqual(before);
      }
    });

    it("goes on even if each try is killed after its first write or effect", async () => {
      const before = await world.snapshot();
      const journal = memoryJournal();
      const effects = world.effects();
      let kills = 0;
      while (await kill(1, journal, world, (edges) => shift(input(world), edges))) kills++;
      expect(kills).toBeGreaterThan(15);
      await expectMoved(world);
      // Two steps of the zone, the listener and its rule, and two addresses.
      expect(world.effects() - effects).toBe(2 * 3 + 2);
      kills = 0;
      while (await kill(1, journal, world, (edges) => rollback(edges))) kills++;
      expect(kills).toBeGreaterThan(10);
      expect(await world.snapshot()).toEqual(before);
      expect(world.effects() - effects).toBe(2 * 3 + 2 + 5);
    });

    it("goes on with the way back after a failed check", async () => {
      const before = await world.snapshot();
      const failing = async ({ id }: Stage): Promise<Verdict> =>
        id === "elastic-ip/syslog/eu-central-1b" ? { outcome: "failed", detail: "bad" } : passing();
      const run = (edges: ShiftEdges) => shift(input(world, [100]), { ...edges, check: failing });
      const journal = memoryJournal();
      const isOnItsWayBack = () =>
        journal.entries().some((entry) => entry.type === "event" && entry.event === "check-failed");
      const isBack = () =>
        journal
          .entries()
          .some((entry) => entry.type === "event" && `${entry.phase}/${entry.event}` === "rollback/completed");
      let kills = 0;
      // Once it is back, the same command would be a new attempt.
      while (!isBack() && (await kill(1, journal, world, run, isOnItsWayBack))) kills++;
      expect(kills).toBeGreaterThan(6);
      expect(isBack()).toBe(true);
      expect(await world.snapshot()).toEqual(before);
    });
  });
});
