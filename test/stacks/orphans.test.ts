import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { awaitOrphans } from "../../stacks/engine/orphans.js";

let state: string;
let locks: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), "orphans-"));
  locks = join(state, ".pulumi", "locks", "organization", "project", "stack");
  await mkdir(locks, { recursive: true });
});
afterEach(() => rm(state, { recursive: true, force: true }));

const stack = () => ({ backendUrl: pathToFileURL(state).href, projectName: "project", stackName: "stack" });
const lockFor = (pid: number) => writeFile(join(locks, "1.json"), JSON.stringify({ pid, hostname: hostname() }));

/** A process whose parent is gone. */
async function orphan(): Promise<number> {
  const parent = spawn("/bin/sh", ["-c", "sleep 600 >/dev/null 2>&1 & echo $!"]);
  const [told] = (await once(parent.stdout, "data")) as [Buffer];
  await once(parent, "exit");
  return Number(told);
}

describe("awaitOrphans", () => {
  it("doesn't wait where nobody holds a lock", async () => {
    await awaitOrphans(stack(), { onWait: () => expect.fail("nobody is waited for") });
  });

  it("doesn't wait for one that somebody runs", async () => {
    await lockFor(process.pid);
    await awaitOrphans(stack(), { onWait: () => expect.fail("nobody is waited for") });
  });

  it("waits for one whose parent is gone, until it is gone too, and says so once", async () => {
    const pid = await orphan();
    await lockFor(pid);
    const waitedFor: number[][] = [];
    await awaitOrphans(stack(), {
      onWait: (pids) => {
        waitedFor.push(pids);
        process.kill(pid);
      },
    });
    expect(waitedFor).toEqual([[pid]]);
  });

  it("stops by the signal", async () => {
    const pid = await orphan();
    await lockFor(pid);
    const stop = new AbortController();
    const waiting = awaitOrphans(stack(), { signal: stop.signal, onWait: () => stop.abort() });
    await expect(waiting).rejects.toThrow(/abort/i);
    process.kill(pid);
  });
});
