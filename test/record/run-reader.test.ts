import { expect, it } from "vitest";
import { timeLimit } from "../../src/record/deadline.js";
import { addPieces, joinPieces } from "../../src/record/pieces.js";
import { runReader } from "../../src/record/run-reader.js";
import { memoryStore } from "./memory-store.js";

const run = "20261128T200000Z";

it("reads a journal that grows without fetching a piece twice, and what is written over anew", async () => {
  const store = memoryStore();
  const gets: string[] = [];
  const get: typeof store.get = (of, name, signal) => {
    gets.push(name);
    return store.get(of, name, signal);
  };
  const read = runReader({ ...store, get }, run, 1_000);
  const plan = (text: string) => store.put(run, "state/plan.json", Buffer.from(text), "any", timeLimit(1_000));
  await addPieces(store, run, 0, Buffer.from("one\n"), 1_000);
  await plan("{}");
  expect(joinPieces(await read()).toString()).toBe("one\n");
  await addPieces(store, run, 4, Buffer.from("two\n"), 1_000);
  await plan('{"a":1}');
  const entries = await read();
  expect(joinPieces(entries).toString()).toBe("one\ntwo\n");
  expect(entries.get("state/plan.json")?.toString()).toBe('{"a":1}');
  expect(gets.filter((name) => name.startsWith("journal/"))).toEqual(["journal/000000000000", "journal/000000000004"]);
  expect(store.puts).toHaveLength(4);
});
