import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isRunning, ownIdentity, startTimeOf } from "../../../src/host/process-identity.js";
import { alive, listProcesses, startProcess, stopAll, stopProcess } from "../../../src/sandbox/processes/processes.js";

let dir: string;
let log: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "clustershift processes' "));
  log = join(dir, "log");
});
afterEach(async () => {
  await stopAll(dir, { grace: 100 });
  await rm(dir, { recursive: true, force: true });
});

describe("startProcess", () => {
  it("records the program under its own pid and start time, and keeps its output", async () => {
    const script = 'echo "args: $1 $2"; exec sleep 60';
    const record = await startProcess(dir, {
      name: "one",
      command: "sh",
      args: ["-c", script, "sh", "a b", "it's"],
      log,
    });
    expect(record.startTime).toBe(startTimeOf(record.pid));
    expect(await listProcesses(dir)).toEqual([{ ...record, running: true }]);
    expect(record.command).toEqual(["sh", "-c", script, "sh", "a b", "it's"]);
    while (!(await readFile(log, "utf8")).includes("\n")) await sleep(5);
    expect(await readFile(log, "utf8")).toBe("args: a b it's\n");
  });

  it("refuses a second one of the same name, and takes the name again once the first is dead", async () => {
    const first = await startProcess(dir, { name: "one", command: "sleep", args: ["60"], log });
    await expect(startProcess(dir, { name: "one", command: "sleep", args: ["60"], log })).rejects.toThrow(
      `pid ${first.pid}`,
    );
    process.kill(first.pid, "SIGKILL");
    while (isRunning(first)) await sleep(5);
    const second = await startProcess(dir, { name: "one", command: "sleep", args: ["60"], log });
    expect(second.pid).not.toBe(first.pid);
  });

  it("says so where the folder is being stopped", async () => {
    await stopAll(dir);
    await expect(startProcess(dir, { name: "late", command: "sleep", args: ["60"], log })).rejects.toThrow(
      "late could not be started",
    );
    expect(await listProcesses(dir)).toEqual([]);
  });
});

describe("stopping", () => {
  it("kills what ignores SIGTERM, with its children", async () => {
    const stubborn = "trap '' TERM; sleep 61 & echo $!; wait; sleep 62";
    const record = await startProcess(dir, { name: "one", command: "sh", args: ["-c", stubborn], log });
    while (!(await readFile(log, "utf8")).includes("\n")) await sleep(5);
    const child = Number(await readFile(log, "utf8"));
    const childStart = startTimeOf(child);
    expect(childStart).toBeDefined();
    await stopProcess(dir, "one", { grace: 50 });
    expect(isRunning(record)).toBe(false);
    while (startTimeOf(child) === childStart) await sleep(5);
    expect(await alive(dir, "one")).toBe(false);
  });

  it("leaves a process alone that was given the pid of a recorded one", async () => {
    const own = ownIdentity();
    const stranger = spawn("sleep", ["60"], { detached: true });
    const pid = stranger.pid ?? 0;
    const record = { name: "old", pid, startTime: `${own.startTime}0`, command: ["sleep"], at: "2026-01-01T00:00:00Z" };
    await writeFile(join(dir, "old.json"), JSON.stringify(record));
    expect(await alive(dir, "old")).toBe(false);
    await stopAll(dir, { grace: 0 });
    expect(startTimeOf(pid)).toBeDefined();
    expect(await readdir(dir)).toEqual(["stopping"]);
    stranger.kill("SIGKILL");
    await once(stranger, "exit");
  });

  it("finds every process of a parent that was killed while it started them", async () => {
    const module = new URL("../../../src/sandbox/processes/processes.ts", import.meta.url).href;
    const code = `const { startProcess } = await import(${JSON.stringify(module)});
      for (let n = 0; ; n++) await startProcess(${JSON.stringify(dir)}, { name: "p" + n, command: "sleep", args: ["60"], log: ${JSON.stringify(log)} });`;
    const file = join(dir, "parent.mts");
    await writeFile(file, code);
    const parent = spawn(process.execPath, ["--import", "tsx", file], {
      stdio: "ignore",
      env: { ...process.env, SANDBOX_MARK: dir },
    });
    while ((await listProcesses(dir)).length < 3) await sleep(5);
    parent.kill("SIGKILL");
    await once(parent, "exit");
    await stopAll(dir, { grace: 100 });
    expect(await listProcesses(dir)).toEqual([]);
    expect(await processesMarked(dir)).toEqual([]);
  });
});

/** Living processes that inherited the mark, however they are called: found without our own records. */
async function processesMarked(mark: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
    if (environment.includes(`SANDBOX_MARK=${mark}\0`)) found.push(await readFile(`/proc/${pid}/cmdline`, "utf8"));
  }
  return found;
}
