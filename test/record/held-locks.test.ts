import { afterEach, expect, it } from "vitest";
import type { LockOwner } from "../../src/model/lock.js";
import { type HeldLocks, holdLocks } from "../../src/record/held-locks.js";
import { breakSharedLock, readSharedLock } from "../../src/record/shared-lock.js";
import { memoryStore } from "./memory-store.js";
import { owner } from "./owner.js";

const run = "20261128T220000Z";
const ttlMs = 60_000;
const held: HeldLocks[] = [];
afterEach(async () => {
  for (const each of held.splice(0)) await each.release();
});

/** A machine with a clock that the test moves: its wall clock goes on while it sleeps, the other one stands still. */
function machine(who: LockOwner, isGone: (holder: LockOwner) => boolean = () => false) {
  const clock = { wall: Date.parse("2026-11-28T22:00:00Z"), steady: 0 };
  const terms = { owner: who, now: () => clock.wall, monotonic: () => clock.steady, isGone, deadlineMs: 30, ttlMs };
  return {
    sleep(ms: number) {
      clock.wall += ms;
    },
    async hold(...stores: Parameters<typeof holdLocks>[0]) {
      const locks = await holdLocks(stores, run, terms);
      held.push(locks);
      return locks;
    },
  };
}

const breaker = { by: "al", host: "ops-2", at: "2026-11-28T23:00:00Z" };

it("holds a run in all stores, refuses others, and gives all back", async () => {
  const stores = [memoryStore("a"), memoryStore("b")];
  const locks = await machine(owner("jo")).hold(...stores);
  await expect(machine(owner("al")).hold(...stores)).rejects.toMatchObject({ code: "locked" });
  await locks.assertHeld();
  await locks.release();
  const next = await machine(owner("al")).hold(...stores);
  expect(next.troubles).toEqual([]);
  expect((await readSharedLock(stores[1] ?? memoryStore(), run, 30))?.lock).toMatchObject({ epoch: 2 });
});

it("keeps none where one store is held by somebody else", async () => {
  const stores = [memoryStore("a"), memoryStore("b")];
  await machine(owner("jo")).hold(...stores.slice(1));
  await expect(machine(owner("al")).hold(...stores)).rejects.toMatchObject({ code: "locked" });
  expect((await readSharedLock(stores[0] ?? memoryStore(), run, 30))?.lock.holder).toBeNull();
});

it("works without a store that doesn't answer, and says which", async () => {
  const down = memoryStore("b");
  down.mood = "hang";
  const locks = await machine(owner("jo")).hold(memoryStore("a"), down);
  expect(locks.troubles).toEqual([{ store: "b", why: "no answer within 0.03 s" }]);
  await locks.assertHeld();
});

it("takes over from a holder that is surely gone", async () => {
  const store = memoryStore();
  const dead = owner("jo");
  await machine(dead).hold(store);
  const locks = await machine(owner("jo"), ({ token }) => token === dead.token).hold(store);
  await locks.assertHeld();
});

it("lets a laptop that slept write nothing, once its lock was broken", async () => {
  const store = memoryStore();
  const laptop = machine(owner("jo"));
  const locks = await laptop.hold(store);
  await breakSharedLock(store, run, breaker, 30);
  await machine(owner("al")).hold(store);
  laptop.sleep(ttlMs + 1);
  await expect(locks.assertHeld()).rejects.toMatchObject({
    code: "locked",
    message: expect.stringMatching(/al on al-/),
  });
  // Not only the first time.
  await expect(locks.assertHeld()).rejects.toMatchObject({ code: "locked" });
});

it("lets a laptop that slept go on, where nobody broke its lock", async () => {
  const store = memoryStore();
  const laptop = machine(owner("jo"));
  const locks = await laptop.hold(store);
  laptop.sleep(ttlMs + 1);
  await locks.assertHeld();
  expect((await readSharedLock(store, run, 30))?.lock).toMatchObject({ renewedAt: "2026-11-28T22:01:00.001Z" });
});

it("writes nothing after a sleep while no store says whose the run is, and goes on once one does", async () => {
  const store = memoryStore();
  const laptop = machine(owner("jo"));
  const locks = await laptop.hold(store);
  laptop.sleep(ttlMs + 1);
  store.mood = "down";
  await expect(locks.assertHeld()).rejects.toMatchObject({ message: expect.stringMatching(/slept, and no store/) });
  store.mood = "well";
  await locks.assertHeld();
});
