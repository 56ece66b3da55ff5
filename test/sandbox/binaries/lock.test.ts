import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ownIdentity } from "../../../src/host/process-identity.js";
import { claimName, type Holder, parseClaim, withLock } from "../../../src/sandbox/binaries/lock.js";

const id = "00000000-0000-0000-0000-000000000000";
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "clustershift-lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("claims", () => {
  it.each([
    { pid: 42, startTime: "987" },
    { pid: 7, startTime: "Mon Nov  3 10:00:00 2026" },
    { pid: 7, startTime: "a-b/c" },
  ])("%j survives being a file's name", (identity) => {
    const name = claimName(identity, id);
    expect(name).not.toContain("/");
    expect(parseClaim(name)).toEqual(identity);
  });

  it.each(["", "x", "42-987", "notes.txt"])("%j is none", (name) => {
    expect(parseClaim(name)).toBeUndefined();
  });
});

describe("withLock", () => {
  it("lets in one at a time, also within a process, and says whom it waits for", async () => {
    let [inside, most] = [0, 0];
    const waits: Holder[] = [];
    const work = async () => {
      inside++;
      most = Math.max(most, inside);
      await sleep(30);
      inside--;
    };
    await Promise.all(
      Array.from({ length: 5 }, () => withLock(folder, work, { onWait: (holder) => waits.push(holder) })),
    );
    expect(most).toBe(1);
    expect(waits.every(({ pid }) => pid === process.pid)).toBe(true);
    expect(await readdir(folder)).toEqual([]);
  });

  it("is free again after a failure", async () => {
    await expect(withLock(folder, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await withLock(folder, async () => "in")).toBe("in");
  });

  it("passes over the dead, and over a process that has a dead one's pid", async () => {
    const dead = spawn("true");
    await once(dead, "exit");
    await writeFile(join(folder, claimName({ pid: dead.pid ?? 0, startTime: "1" }, id)), "");
    await writeFile(join(folder, claimName({ pid: process.pid, startTime: `${ownIdentity().startTime}1` }, id)), "");
    const claims = await withLock(folder, () => readdir(folder));
    expect(claims).toHaveLength(1);
  });

  it("waits for a living process, names it, and goes on once that is killed", async () => {
    const module = new URL("../../../src/sandbox/binaries/lock.ts", import.meta.url).href;
    const script = join(folder, "holder.mts");
    const locks = join(folder, "locks");
    const hold = "() => { console.log('held'); return new Promise(() => setInterval(() => {}, 1e6)); }";
    await writeFile(
      script,
      `const { withLock } = await import(${JSON.stringify(module)});\nawait withLock(${JSON.stringify(locks)}, ${hold});\n`,
    );
    const holder = spawn(process.execPath, ["--import", "tsx", script], { stdio: ["ignore", "pipe", "inherit"] });
    await once(holder.stdout, "data");
    let waited: Holder | undefined;
    const entered = withLock(locks, async () => "in", {
      onWait: (found) => {
        waited = found;
        holder.kill("SIGKILL");
      },
    });
    expect(await entered).toBe("in");
    expect(waited?.pid).toBe(holder.pid);
  });

  it("stops waiting when told to", async () => {
    const abort = new AbortController();
    await withLock(folder, async () => {
      const second = withLock(folder, async () => "in", { signal: abort.signal });
      abort.abort(new Error("enough"));
      await expect(second).rejects.toThrow();
    });
    expect(await readdir(folder)).toEqual([]);
  });
});
