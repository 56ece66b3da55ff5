import { appendFile, mkdtemp, readFile, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { Told } from "../../src/notify/told.js";

async function path(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "clustershift-told-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return join(dir, "notified.jsonl");
}

it("remembers how far each sink was told", async () => {
  const file = await path();
  const told = await Told.open(file);
  expect(told.upTo("a")).toBeUndefined();
  told.mark("a", 3, "began");
  told.mark("b", 7, "delivered");
  told.mark("a", 5, "given up");
  expect(told.upTo("a")).toBe(5);
  await told.written();
  const again = await Told.open(file);
  expect([again.upTo("a"), again.upTo("b"), again.upTo("c")]).toEqual([5, 7, undefined]);
});

it("goes by what is whole, wherever a crash cut the file, and writes on after it", async () => {
  const file = await path();
  const told = await Told.open(file);
  told.mark("a", 1, "delivered");
  told.mark("a", 2, "delivered");
  await told.written();
  const whole = await readFile(file, "utf8");
  const secondBegins = whole.indexOf("{", whole.indexOf("}"));
  for (let bytes = whole.length - 2; bytes > secondBegins; bytes--) {
    await truncate(file, bytes);
    const cut = await Told.open(file);
    expect(cut.upTo("a")).toBe(1);
  }
  const on = await Told.open(file);
  on.mark("a", 3, "delivered");
  await on.written();
  await appendFile(file, 'null\n{"sink":1}\n\n');
  expect((await Told.open(file)).upTo("a")).toBe(3);
});

it("says so where it can't be written, and not before it is asked", async () => {
  const told = await Told.open("/no/such/folder/notified.jsonl");
  told.mark("a", 1, "delivered");
  await expect(told.written()).rejects.toThrow(/ENOENT/);
});
