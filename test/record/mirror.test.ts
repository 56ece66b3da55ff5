import fc from "fast-check";
import { expect, it } from "vitest";
import { Mirror } from "../../src/record/mirror.js";
import { joinPieces, Superseded } from "../../src/record/pieces.js";
import { stateOf } from "../../src/record/state-copies.js";
import { type MemoryStore, memoryStore } from "./memory-store.js";

const run = "20261128T220000Z";
const soon = () => new AbortController().signal;
const line = (n: number) => Buffer.from(`${JSON.stringify({ seq: n, what: "x".repeat(n % 40) })}\n`);

async function copyIn(store: MemoryStore): Promise<string> {
  return joinPieces(await store.all(run, soon())).toString();
}

function mirrorOf(store: MemoryStore, journal = "", silent = false) {
  const said: (string | undefined)[] = [];
  const clock = { ms: 0 };
  const edges = {
    deadlineMs: 30,
    monotonic: () => clock.ms,
    onChange: (_: string, trouble: string | undefined) => said.push(trouble),
  };
  return { mirror: new Mirror(store, run, Buffer.from(journal), edges, silent), said, clock };
}

it("has copied an urgent line when it resolves, and the others with it", async () => {
  const store = memoryStore();
  const { mirror, said } = mirrorOf(store, line(1).toString());
  await mirror.flush();
  await mirror.add(line(2), false);
  expect(await copyIn(store)).toBe(line(1).toString());
  await mirror.add(line(3), true);
  expect(await copyIn(store)).toBe([1, 2, 3].map(line).join(""));
  expect(said).toEqual([]);
});

it.each(["down", "hang", "deaf"] as const)(
  "never waits twice for a store that is %s, says so once, and catches up",
  async (mood) => {
    const store = memoryStore();
    const { mirror, said, clock } = mirrorOf(store);
    await mirror.add(line(1), true);
    store.mood = mood;
    await mirror.add(line(2), true);
    await mirror.add(line(3), true);
    expect(said).toEqual([expect.stringMatching(/is down|no answer/)]);
    expect(await mirror.putState(new Map([["plan.json", "{}"]]))).toBe(false);
    store.mood = "well";
    clock.ms = 15_001;
    await mirror.add(line(4), true);
    await expect.poll(() => copyIn(store)).toBe([1, 2, 3, 4].map(line).join(""));
    await expect.poll(() => said).toEqual([expect.any(String), undefined]);
    expect(await mirror.putState(new Map([["plan.json", "{}"]]))).toBe(true);
    expect(stateOf(await store.all(run, soon()))).toEqual(new Map([["plan.json", "{}"]]));
  },
);

it("asks nothing of a store that was silent just before", async () => {
  const store = memoryStore();
  const { mirror } = mirrorOf(store, "a\n", true);
  await mirror.flush();
  await mirror.add(line(1), true);
  expect(store.puts).toEqual([]);
});

it("goes on where a copy ends that is the journal's beginning", async () => {
  const store = memoryStore();
  await mirrorOf(store, "a\nb\n").mirror.flush();
  const { mirror } = mirrorOf(store, "a\nb\nc\n");
  await mirror.add(Buffer.from("d\n"), true);
  expect(await copyIn(store)).toBe("a\nb\nc\nd\n");
});

it.each([
  ["goes on otherwise", "a\nB\n"],
  ["is longer", "a\nb\nc\n"],
])("refuses a journal whose copy %s, and writes nothing more", async (_, there) => {
  const store = memoryStore();
  await mirrorOf(store, there).mirror.flush();
  const { mirror } = mirrorOf(store, "a\nb\n");
  await expect(mirror.flush()).rejects.toThrow(Superseded);
  await expect(mirror.add(Buffer.from("d\n"), true)).rejects.toThrow(Superseded);
  expect(await mirror.putState(new Map([["plan.json", "{}"]]))).toBe(false);
  expect(await copyIn(store)).toBe(there);
});

it("of two who go on from one journal fences off the second, before its effect", async () => {
  const store = memoryStore();
  const [one, other] = [mirrorOf(store, "a\n").mirror, mirrorOf(store, "a\n").mirror];
  await Promise.all([one.flush(), other.flush()]);
  const ends = await Promise.allSettled([one.add(Buffer.from("one\n"), true), other.add(Buffer.from("two\n"), true)]);
  expect(ends.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(["a\none\n", "a\ntwo\n"]).toContain(await copyIn(store));
});

it("whatever fails in between, the copy is always a beginning of the journal, and whole in the end", async () => {
  const step = fc.record({
    mood: fc.constantFrom("well", "well", "down", "deaf"),
    urgent: fc.boolean(),
    waited: fc.constantFrom(0, 20_000),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.integer({ min: 5, max: 90 }), async (steps, largest) => {
      const store = memoryStore("memory", largest);
      const { mirror, clock } = mirrorOf(store);
      let journal = "";
      for (const [index, { mood, urgent, waited }] of steps.entries()) {
        store.mood = mood as "well";
        clock.ms += waited;
        journal += line(index).toString();
        await mirror.add(line(index), urgent);
        store.mood = "well";
        expect(journal.startsWith(await copyIn(store))).toBe(true);
      }
      clock.ms += 20_000;
      await mirror.add(Buffer.from("end\n"), true);
      await mirror.close();
      await expect.poll(() => copyIn(store)).toBe(`${journal}end\n`);
    }),
    { numRuns: 40 },
  );
});
