import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { WorkerCommand, WorkerConfig, WorkerEvent } from "./protocol.js";
import type { LoadResult } from "./tally.js";

/** The load in a process of its own. Each method rejects when that process ended by itself. */
export interface LoadChild {
  pid: number;
  /** Resolves when requests count under the new name. */
  phase(name: string): Promise<void>;
  counts(): Promise<LoadResult>;
  stop(): Promise<LoadResult>;
}

/** Starts the worker: from source under tsx, or as built. @throws Error with the worker's words if it doesn't start. */
export async function startLoadChild(config: WorkerConfig): Promise<LoadChild> {
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const loader = extension === ".ts" ? ["--import", import.meta.resolve("tsx")] : [];
  const worker = fileURLToPath(new URL(`./worker${extension}`, import.meta.url));
  const child = spawn(process.execPath, [...loader, worker, JSON.stringify(config)], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  let complaints = "";
  child.stderr.on("data", (data: Buffer) => {
    complaints = `${complaints}${data}`.slice(-4000);
  });
  child.stdin.on("error", () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextEvent = async (): Promise<WorkerEvent> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`the load generator ended by itself: ${complaints.trim()}`);
    return JSON.parse(value) as WorkerEvent;
  };
  // One command at a time: the answers come in the commands' order.
  let last: Promise<unknown> = nextEvent();
  const ask = (command: WorkerCommand): Promise<WorkerEvent> => {
    const answered = last.then(() => {
      child.stdin.write(`${JSON.stringify(command)}\n`);
      return nextEvent();
    });
    last = answered;
    return answered;
  };
  await last;
  return {
    pid: child.pid ?? 0,
    phase: async (name) => void (await ask({ command: "phase", name })),
    counts: async () => resultOf(await ask({ command: "counts" })),
    stop: async () => {
      const ended = new Promise((done) => child.once("close", done));
      const result = resultOf(await ask({ command: "stop" }));
      await ended;
      return result;
    },
  };
}

function resultOf(event: WorkerEvent): LoadResult {
  if (event.event === "counts" || event.event === "stopped") return event.result;
  throw new Error(`the load generator said ${event.event} when it was asked for its counts`);
}
