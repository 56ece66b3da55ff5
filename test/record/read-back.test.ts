import { expect, it } from "vitest";
import { timeLimit } from "../../src/record/deadline.js";
import { pieceName } from "../../src/record/pieces.js";
import { type Copy, furthest, readCopy } from "../../src/record/read-back.js";
import { memoryStore } from "./memory-store.js";

const copy = (store: string, journal: string): Copy => ({ store, journal: Buffer.from(journal), state: new Map() });

it.each([
  { copies: [], taken: undefined },
  { copies: [copy("a", "12")], taken: "a" },
  { copies: [copy("a", "12"), copy("b", "123")], taken: "b" },
  { copies: [copy("a", "123"), copy("b", "")], taken: "a" },
  { copies: [copy("a", "123"), copy("b", "123")], taken: "a" },
])("takes the copy that goes on furthest: $taken", ({ copies, taken }) => {
  expect(furthest(copies, "r")?.store).toBe(taken);
});

it("takes neither of two that went different ways", () => {
  expect(() => furthest([copy("a", "12"), copy("b", "134")], "r")).toThrow(/in b and in a went different ways/);
});

it("reads the pieces and files of a run, and none that has none", async () => {
  const store = memoryStore();
  const put = (name: string, text: string) => store.put("r", name, Buffer.from(text), "any", timeLimit(1_000));
  expect(await readCopy(store, "r", 1_000)).toBeUndefined();
  await put("lock.json", "{}");
  expect(await readCopy(store, "r", 1_000)).toBeUndefined();
  await put(pieceName(0), "one\n");
  await put(pieceName(4), "two\n");
  await put("state/plan.json", "{}");
  const read = await readCopy(store, "r", 1_000);
  expect(read).toMatchObject({ store: "memory", state: new Map([["plan.json", "{}"]]) });
  expect(read?.journal.toString()).toBe("one\ntwo\n");
  await put(pieceName(12), "four\n");
  await expect(readCopy(store, "r", 1_000)).rejects.toMatchObject({ code: "journal-damaged" });
});
