import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { removeDeadLocks } from "../../stacks/engine/dead-locks.js";

let state: string;
let locks: string;
let deadPid: number;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), "dead-locks-"));
  locks = join(state, ".pulumi", "locks", "organization", "project", "stack");
  await mkdir(locks, { recursive: true });
  const gone = spawn("true");
  await once(gone, "exit");
  deadPid = gone.pid ?? 0;
});
afterEach(() => rm(state, { recursive: true, force: true }));

const stack = () => ({ backendUrl: pathToFileURL(state).href, projectName: "project", stackName: "stack" });

describe("removeDeadLocks", () => {
  it("takes away a dead holder's lock, and no other", async () => {
    const lock = (pid: number, host = hostname()) => JSON.stringify({ pid, username: "x", hostname: host });
    await writeFile(join(locks, "dead.json"), lock(deadPid));
    await writeFile(join(locks, "dead.json.attrs"), "{}");
    await writeFile(join(locks, "alive.json"), lock(process.pid));
    await writeFile(join(locks, "elsewhere.json"), lock(deadPid, "another-machine"));
    await writeFile(join(locks, "half.json"), '{"pid":');
    await writeFile(join(locks, "everyone.json"), lock(-1));
    expect(await removeDeadLocks(stack())).toEqual([deadPid]);
    expect((await readdir(locks)).sort()).toEqual(["alive.json", "elsewhere.json", "everyone.json", "half.json"]);
  });

  it.each(["s3://bucket", "https://api.example.com", "file://~"])("leaves %s alone", async (backendUrl) => {
    expect(await removeDeadLocks({ ...stack(), backendUrl })).toEqual([]);
  });

  it("is content without any", async () => {
    expect(await removeDeadLocks({ ...stack(), stackName: "other" })).toEqual([]);
  });
});
