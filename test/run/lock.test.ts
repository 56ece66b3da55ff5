import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { type LockOwner, readOwner, takeLock } from "../../src/run/lock.js";
import { temporaryFolders } from "./temporary-folder.js";

const temporaryFolder = temporaryFolders();
const lockPath = async (): Promise<string> => join(await temporaryFolder(), "lock.json");
const now = new Date("2026-11-28T22:00:00Z");

interface Contender {
  process: ChildProcess;
  /** The next line that it prints. */
  says(): Promise<string>;
}

const running = new Set<ChildProcess>();
const program = fileURLToPath(new URL("./lock-holder.ts", import.meta.url));

function contender(path: string, mode = ""): Contender {
  const child = spawn(process.execPath, ["--import", "tsx", program, path, mode], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  running.add(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { process: child, says: async () => String((await lines.next()).value) };
}

async function killed({ process: child }: Contender): Promise<void> {
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
  running.delete(child);
}

afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  running.clear();
});

/** The owner of a lock whose process is gone: no process has so high a number. */
function dead(parts: Partial<LockOwner> = {}): LockOwner {
  const owner = { user: "jo", host: hostname(), pid: 2 ** 22 + 1, startTime: "1", command: "cutover" };
  return { ...owner, since: now.toISOString(), token: randomUUID(), ...parts };
}

const writeLock = (path: string, owner: unknown): Promise<void> => writeFile(path, `${JSON.stringify(owner)}\n`);
const filesBeside = async (path: string): Promise<string[]> => readdir(join(path, ".."));

describe("takeLock", () => {
  it("says who holds it, since when and for what, and refuses a second taker", async () => {
    const path = await lockPath();
    const lock = await takeLock(path, "cutover", now);
    await expect(takeLock(path, "migrate", now)).rejects.toMatchObject({
      code: "locked",
      message: expect.stringMatching(/on .* \(pid \d+\) runs `cutover` since 2026-11-28T22:00:00\.000Z/),
      fix: expect.stringMatching(/clustershift unlock --run clustershift-run-/),
    });
    expect(await readOwner(path)).toEqual(lock.owner);
    expect(await filesBeside(path)).toEqual(["lock.json"]);
  });

  it("is free again after release, which may be called twice", async () => {
    const path = await lockPath();
    const first = await takeLock(path, "cutover", now);
    await first.release();
    await first.release();
    expect(await filesBeside(path)).toEqual([]);
    const second = await takeLock(path, "cutover", now);
    await first.release();
    await second.assertHeld();
  });

  it.each<[string, Partial<LockOwner>]>([
    ["no longer lives", {}],
    ["has another process's number by now", { pid: process.pid, startTime: "1" }],
  ])("takes over from a process of this host that %s", async (_, parts) => {
    const path = await lockPath();
    await writeLock(path, dead(parts));
    const lock = await takeLock(path, "cutover", now);
    await lock.assertHeld();
    expect(await filesBeside(path)).toEqual(["lock.json"]);
  });

  it.each<[string, Partial<LockOwner>]>([
    ["of another host, of which nothing can be known", { host: "elsewhere.acme.example" }],
    ["of a living process", { pid: process.pid, startTime: "" }],
    ["of another user's living process", { pid: 1, startTime: "" }],
  ])("leaves a lock %s", async (_, parts) => {
    const path = await lockPath();
    const owner = dead(parts);
    await writeLock(path, owner);
    await expect(takeLock(path, "cutover", now)).rejects.toMatchObject({ code: "locked" });
    expect(await readOwner(path)).toEqual(owner);
    expect(await filesBeside(path)).toEqual(["lock.json"]);
  });

  it.each([
    ["is empty", ""],
    ["is cut short", '{"user":"jo","ho'],
    ["is other JSON", "[]"],
    ["is null", "null"],
    ["lacks a token", JSON.stringify({ ...dead(), token: undefined })],
    ["has a token that leads elsewhere", JSON.stringify(dead({ token: "../../elsewhere" }))],
    ["has no process", JSON.stringify({ ...dead(), pid: "12" })],
  ])("refuses a lock that %s, and leaves it for a person to look at", async (_, content) => {
    const path = await lockPath();
    await writeFile(path, content);
    await expect(takeLock(path, "cutover", now)).rejects.toMatchObject({
      code: "locked",
      message: expect.stringContaining(`${path} can't be read`),
      fix: expect.stringContaining("remove"),
    });
    expect(await readFile(path, "utf8")).toBe(content);
    expect(await filesBeside(path)).toEqual(["lock.json"]);
    expect(await readOwner(path)).toSatisfy((owner: unknown) => owner === undefined);
  });

  it("goes on where a contender died between its claim and its lock", async () => {
    const path = await lockPath();
    const [first, second, third] = [dead(), dead(), dead()];
    await writeLock(path, first);
    await writeLock(`${path}.${first.token}.next`, second);
    await writeLock(`${path}.${second.token}.next`, third);
    const lock = await takeLock(path, "cutover", now);
    await lock.assertHeld();
    expect(await filesBeside(path)).toEqual(["lock.json"]);
  });

  it("waits for nobody: a living contender's claim refuses", async () => {
    const path = await lockPath();
    const first = dead();
    await writeLock(path, first);
    await writeLock(`${path}.${first.token}.next`, dead({ pid: process.pid, startTime: "", command: "rollback" }));
    await expect(takeLock(path, "cutover", now)).rejects.toMatchObject({
      code: "locked",
      message: expect.stringContaining("rollback"),
    });
    expect(await readOwner(path)).toEqual(first);
  });
});

describe("assertHeld", () => {
  it.each<[string, (path: string) => Promise<void>]>([
    ["somebody removed the lock", (path) => rm(path)],
    ["somebody else holds it", (path) => writeLock(path, dead({ host: "elsewhere" }))],
    ["it was damaged", (path) => writeFile(path, "{")],
  ])("refuses once %s, and release leaves what is there", async (_, change) => {
    const path = await lockPath();
    const lock = await takeLock(path, "cutover", now);
    await lock.assertHeld();
    await change(path);
    const before = await filesBeside(path);
    await expect(lock.assertHeld()).rejects.toMatchObject({ code: "locked" });
    await lock.release();
    expect(await filesBeside(path)).toEqual(before);
  });
});

describe("between processes", () => {
  it("one holds it, another is refused, and takes over once the first was killed", async () => {
    const path = await lockPath();
    const first = contender(path);
    expect(await first.says()).toBe("held");
    await expect(takeLock(path, "migrate", now)).rejects.toMatchObject({
      code: "locked",
      message: expect.stringContaining(`(pid ${first.process.pid})`),
    });
    await killed(first);
    const lock = await takeLock(path, "migrate", now);
    await lock.assertHeld();
  }, 30_000);

  it("exactly one of several that find a dead lock at once gets it", async () => {
    for (let round = 0; round < 2; round++) {
      const path = await lockPath();
      await writeLock(path, dead());
      const contenders = Array.from({ length: 4 }, () => contender(path, "go"));
      for (const each of contenders) expect(await each.says()).toBe("ready");
      for (const each of contenders) each.process.stdin?.write("go\n");
      const said = await Promise.all(contenders.map((each) => each.says()));
      expect(said.toSorted()).toEqual(["held", "locked", "locked", "locked"]);
      const winner = contenders[said.indexOf("held")];
      expect((await readOwner(path))?.pid).toBe(winner?.process.pid);
      await Promise.all(contenders.map(killed));
    }
  }, 60_000);

  it("exactly one of many calls at once gets a dead lock, every time", async () => {
    for (let round = 0; round < 50; round++) {
      const path = await lockPath();
      await writeLock(path, dead());
      const results = await Promise.allSettled(Array.from({ length: 8 }, (_, n) => takeLock(path, `c${n}`, now)));
      const locks = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
      expect(locks).toHaveLength(1);
      for (const result of results) {
        if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "locked" });
      }
      await locks[0]?.assertHeld();
      expect((await filesBeside(path)).filter((name) => !name.endsWith(".next"))).toEqual(["lock.json"]);
    }
  });
});
