import { spawn } from "node:child_process";
import { access, mkdir, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isRunning, startTimeOf } from "../../host/process-identity.js";
import { launchScript, stoppingMarker } from "./launch-script.js";
import { assertProcessName, type ProcessRecord, parseRecord, recordSuffix } from "./record.js";

export interface StartOptions {
  name: string;
  command: string;
  args?: readonly string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Both outputs are appended here. */
  log: string;
}

export interface StopOptions {
  /** Milliseconds between asking (SIGTERM) and killing. */
  grace?: number;
}

const defaultGrace = 5_000;

/**
 * Starts a program that outlives us, in a process group of its own, with a record in `dir`. Returns once the record is there,
 * which is before the program itself has done anything: ask it whether it's ready.
 */
export async function startProcess(dir: string, { args = [], ...options }: StartOptions): Promise<ProcessRecord> {
  const { name, command, log } = options;
  await mkdir(dir, { recursive: true });
  const earlier = await readRecord(dir, name);
  if (earlier && isRunning(earlier)) throw new Error(`${name} runs already, with pid ${earlier.pid}`);
  await rm(recordFile(dir, name), { force: true });
  const script = launchScript({ dir, name, command, args, at: new Date() });
  const output = await open(log, "a");
  try {
    const child = spawn("/bin/sh", ["-c", script, name, ...args], {
      detached: true,
      stdio: ["ignore", output.fd, output.fd],
      ...(options.cwd ? { cwd: options.cwd } : {}),
      ...(options.env ? { env: options.env } : {}),
    });
    let failure: Error | undefined;
    child.once("error", (thrown) => {
      failure = thrown;
    });
    const ended = () => child.exitCode !== null || child.signalCode !== null;
    for (;;) {
      const record = await readRecord(dir, name);
      // The script writes its record before it looks whether the folder is being stopped: then it ends, or is ended.
      if (record && record.pid === child.pid && !(await isStopping(dir))) {
        child.unref();
        return record;
      }
      if (failure) throw failure;
      if (ended()) throw new Error(`${name} could not be started in ${dir}: see ${log}`);
      await sleep(5);
    }
  } finally {
    await output.close();
  }
}

/** Every recorded process, and whether it still runs. */
export async function listProcesses(dir: string): Promise<(ProcessRecord & { running: boolean })[]> {
  const files = await readdir(dir).catch(missing<string[]>([]));
  const names = files.filter((file) => file.endsWith(recordSuffix)).map((file) => file.slice(0, -recordSuffix.length));
  const records = await Promise.all(names.map((name) => readRecord(dir, name)));
  return records.flatMap((record) => (record ? [{ ...record, running: isRunning(record) }] : []));
}

/** Whether the process of this name runs: that very process, not another with its pid. */
export async function alive(dir: string, name: string): Promise<boolean> {
  const record = await readRecord(dir, name);
  return record !== undefined && isRunning(record);
}

/** Stops one process with its group, and removes its record. Nothing happens where there's none. */
export async function stopProcess(
  dir: string,
  name: string,
  { grace = defaultGrace }: StopOptions = {},
): Promise<void> {
  assertProcessName(name);
  const record = await readRecord(dir, name);
  if (!record) return;
  await end(record, grace);
  await rm(recordFile(dir, name), { force: true });
}

/**
 * Stops everything recorded in `dir`, also what is being started at this moment by a program that we started. The folder is
 * closed afterwards: nothing can be started in it until it's removed.
 */
export async function stopAll(dir: string, { grace = defaultGrace }: StopOptions = {}): Promise<void> {
  const marked = await writeFile(join(dir, stoppingMarker), "").then(() => true, missing(false));
  if (!marked) return;
  for (;;) {
    const records = await listProcesses(dir);
    if (records.length === 0) return;
    await Promise.all(
      records.map(async (record) => {
        await end(record, grace);
        await rm(recordFile(dir, record.name), { force: true });
      }),
    );
  }
}

async function end(record: ProcessRecord, grace: number): Promise<void> {
  if (!isRunning(record)) return;
  signalGroup(record.pid, "SIGTERM");
  const deadline = performance.now() + grace;
  while (isRunning(record) && performance.now() < deadline) await sleep(20);
  // Its children may ignore SIGTERM. The group keeps the pid taken as long as one of them lives; if the pid belongs to
  // someone new, none does.
  const now = startTimeOf(record.pid);
  if (now === undefined || now === record.startTime) signalGroup(record.pid, "SIGKILL");
  while (isRunning(record)) await sleep(20);
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== "ESRCH") throw thrown;
  }
}

async function isStopping(dir: string): Promise<boolean> {
  return access(join(dir, stoppingMarker)).then(() => true, missing(false));
}

async function readRecord(dir: string, name: string): Promise<ProcessRecord | undefined> {
  const text = await readFile(recordFile(dir, name), "utf8").catch(missing(undefined));
  return text === undefined ? undefined : parseRecord(text);
}

function recordFile(dir: string, name: string): string {
  return join(dir, `${name}${recordSuffix}`);
}

/** For `catch`: a file or folder that isn't there counts as `value`. */
function missing<T>(value: T): (thrown: unknown) => T {
  return (thrown) => {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return value;
    throw thrown;
  };
}
