import { spawn } from "node:child_process";

/** How a program ended. */
export type Ending =
  | { kind: "exited"; code: number }
  | { kind: "killed"; signal: string }
  | { kind: "timed-out" }
  | { kind: "not-started"; why: string };

export interface Ended {
  ending: Ending;
  /** The last of what it wrote, to both streams as it came. */
  output: string;
  /** The last of what it wrote to its standard output. */
  printed: string;
}

export interface Program {
  /** Program and arguments. */
  argv: readonly [string, ...string[]];
  cwd: string;
  env: NodeJS.ProcessEnv;
  timeoutMs: number;
}

/** Bytes of output that are kept. */
const mostOutput = 8 * 1024;
/** Milliseconds that a program has to end by itself, and its output to arrive once it has ended. */
const graceMs = 2_000;
const lastWordsMs = 200;

/**
 * Runs a program in a process group of its own, and resolves once it has ended. On timeout, on abort and at its end the whole group
 * is ended: first asked, then killed.
 *
 * @throws the signal's reason where it is aborted, once the group is gone
 */
export function runProgram({ argv, cwd, env, timeoutMs }: Program, signal?: AbortSignal): Promise<Ended> {
  signal?.throwIfAborted();
  return new Promise((done, aborted) => {
    const [program, ...args] = argv;
    // A group of its own also keeps the terminal's Ctrl-C from it: the signal decides.
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const last = (kept: Buffer, chunk: Buffer) => Buffer.concat([kept, chunk]).subarray(-mostOutput);
    let output: Buffer = Buffer.alloc(0);
    let printed: Buffer = Buffer.alloc(0);
    child.stdout.on("data", (chunk: Buffer) => {
      output = last(output, chunk);
      printed = last(printed, chunk);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      output = last(output, chunk);
    });
    let timedOut = false;
    let killing: NodeJS.Timeout | undefined;
    const stop = () => {
      endGroup(child.pid, "SIGTERM");
      killing ??= setTimeout(() => endGroup(child.pid, "SIGKILL"), graceMs);
    };
    const limit = setTimeout(() => {
      timedOut = true;
      stop();
    }, timeoutMs);
    signal?.addEventListener("abort", stop, { once: true });

    let over = false;
    const end = (ending: Ending) => {
      if (over) return;
      over = true;
      clearTimeout(limit);
      clearTimeout(killing);
      signal?.removeEventListener("abort", stop);
      child.stdout.destroy();
      child.stderr.destroy();
      if (signal?.aborted) aborted(signal.reason);
      else
        done({
          ending: timedOut ? { kind: "timed-out" } : ending,
          output: output.toString("utf8"),
          printed: printed.toString("utf8"),
        });
    };
    child.once("error", (error) => end({ kind: "not-started", why: error.message }));
    child.once("exit", (code, killedBy) => {
      // What it left behind would write into nothing, or go on after the step.
      endGroup(child.pid, "SIGKILL");
      const ending: Ending = code === null ? { kind: "killed", signal: String(killedBy) } : { kind: "exited", code };
      child.once("close", () => end(ending));
      setTimeout(() => end(ending), lastWordsMs);
    });
  });
}

function endGroup(pid: number | undefined, signal: "SIGTERM" | "SIGKILL"): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody is left.
  }
}
