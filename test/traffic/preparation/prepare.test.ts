import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Journal } from "../../../src/model/journal.js";
import { standingPreparation } from "../../../src/traffic/preparation/history.js";
import { lowerTtls, planPrepare, prepare } from "../../../src/traffic/preparation/prepare.js";
import { planRollback, rollback } from "../../../src/traffic/rollback.js";
import { type ShiftEdges, shift, type Verdict } from "../../../src/traffic/shift.js";
import { virtualClock } from "../../aws/clock.js";
import { openTestAws } from "../../aws/moto.js";
import { Crash, crashingAt, createWorld, memoryJournal, type World } from "../world.js";

it("lowers what is higher, and leaves aliases and what is low", () => {
  const set = (TTL?: number) => ({ Name: "a.", Type: "A", ...(TTL !== undefined && { TTL }) });
  expect(lowerTtls([set(300), set(60), set(5), set()], 60)).toEqual([set(60), set(60), set(5), set()]);
});

const opened = await openTestAws();

describe.skipIf("missing" in opened)(`prepare${"missing" in opened ? ` (skipped: ${opened.missing})` : ""}`, () => {
  if ("missing" in opened) return;
  const { front } = opened;
  let world: World;
  let original: Awaited<ReturnType<World["snapshot"]>>;
  beforeAll(async () => {
    world = await createWorld(front, `prepare-${process.pid}.example`);
    original = await world.snapshot();
  });
  // Each test ends where it began, and so is one test of the way back more.
  afterEach(async () => expect(await world.snapshot()).toEqual(original));
  afterAll(() => opened.close());

  const input = () => ({
    names: world.targets.flatMap((target) => (target.kind === "route53" ? [target] : [])),
    ttl: 2,
  });
  const cutover = () => ({ targets: world.targets, steps: [100], holdMs: 0 });
  const edgesOf = (journal: Journal, outcome: Verdict["outcome"] = "passed", clock = virtualClock()): ShiftEdges => {
    return { aws: world.aws(clock), journal, clock, check: async () => ({ outcome, detail: "as asked" }) };
  };
  const ttls = async () => [
    ...new Set(
      (await world.snapshot()).records
        .filter(({ Name, Type }) => Type === "A" && /^(app|api|partner)\./.test(Name))
        .map(({ TTL }) => TTL),
    ),
  ];

  it("changes TTLs alone, says until when resolvers may hold the old ones, and does nothing the second time", async () => {
    const journal = memoryJournal();
    const clock = virtualClock();
    const edges = edgesOf(journal, "passed", clock);
    const planned = await planPrepare(input(), edges);
    expect(await world.snapshot()).toEqual(original);
    const began = clock.now();
    const { lower, oldTtl, shares, oldTtlEnds } = await prepare(input(), edges);
    expect({ lower, oldTtl, shares }).toEqual(planned);
    expect(await ttls()).toEqual([2]);
    expect(Date.parse(oldTtlEnds) - began).toBeGreaterThanOrEqual(oldTtl * 1000);
    const effects = world.effects();
    expect(await prepare(input(), edges)).toMatchObject({ oldTtlEnds });
    expect(world.effects()).toBe(effects);
    expect((await planRollback(edges)).moves).toMatchObject([{ key: `route53:${world.zoneId}`, done: false }]);
    expect(await rollback(edges)).toMatchObject({ outcome: "unprepared" });
    expect(await rollback(edges)).toEqual({ outcome: "nothing-to-do" });
    expect(standingPreparation(journal.entries())).toBeUndefined();
  });

  it("refuses more of the zone than was agreed, and writes nothing", async () => {
    const journal = memoryJournal();
    const greedy = { ...input(), zoneShare: { percent: 10, from: 1 } };
    const effects = world.effects();
    for (const refused of [planPrepare(greedy, edgesOf(journal)), prepare(greedy, edgesOf(journal))]) {
      await expect(refused).rejects.toMatchObject({ code: "zone-share" });
    }
    expect(world.effects()).toBe(effects);
    expect(journal.entries()).toEqual([]);
  });

  it("stays when a check moves the traffic back, and goes with a rollback, in the same batch", async () => {
    const journal = memoryJournal();
    await prepare(input(), edgesOf(journal));
    const prepared = await world.snapshot();
    expect(await shift(cutover(), edgesOf(journal, "failed"))).toMatchObject({ outcome: "moved-back" });
    expect(await world.snapshot()).toEqual(prepared);
    expect(await shift(cutover(), edgesOf(journal))).toMatchObject({ outcome: "moved", attempt: 2 });
    expect(await ttls()).toEqual([2]);
    const effects = world.effects();
    expect(await rollback(edgesOf(journal))).toMatchObject({ outcome: "moved-back", attempt: 2 });
    expect(world.effects() - effects).toBe(world.targets.length - input().names.length + 1);
  });

  it("takes in a name that came later, and keeps what the TTLs were at the very first", async () => {
    const journal = memoryJournal();
    const [first, ...others] = input().names;
    if (!first) throw new Error("no names");
    await prepare({ names: [first], ttl: 3 }, edgesOf(journal));
    await prepare({ names: [first, ...others], ttl: 2 }, edgesOf(journal));
    expect(await ttls()).toEqual([2]);
    await rollback(edgesOf(journal));
  });

  it("goes on, or back, from wherever it was killed", async () => {
    for (const way of [prepare, async (_: unknown, edges: ShiftEdges) => rollback(edges)]) {
      for (let point = 0; ; point++) {
        const journal = memoryJournal();
        const edges = edgesOf(journal);
        const dying = crashingAt(point, edges.aws, journal);
        const died = await prepare(input(), { ...edges, aws: dying.aws, journal: dying.journal }).then(
          () => false,
          (error) => {
            if (!(error instanceof Crash)) throw error;
            return true;
          },
        );
        await way(input(), edges);
        if (way === prepare) {
          expect(await ttls()).toEqual([2]);
          await rollback(edges);
        }
        expect(await world.snapshot()).toEqual(original);
        if (!died) break;
      }
    }
  });

  it("refuses to write over somebody else's change", async () => {
    const journal = memoryJournal();
    await prepare(input(), edgesOf(journal));
    const set = (await world.snapshot()).records.find(({ Name }) => Name.startsWith("app."));
    if (!set) throw new Error("no record");
    await world.edit({ ...set, ResourceRecords: [{ Value: "203.0.113.66" }] });
    await expect(rollback(edgesOf(journal))).rejects.toMatchObject({ code: "drifted" });
    await world.edit(set);
    await rollback(edgesOf(journal));
  });
});
