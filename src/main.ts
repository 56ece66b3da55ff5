#!/usr/bin/env node
import { realpathSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { run } from "./cli.js";
import type { Edges, Screen } from "./edges.js";

/** The real edges, and the only process.exit. */
async function main(): Promise<void> {
  // Node 20 is what we promise to run on; the SDK's notice about its future would stand in every command's output.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      // The second one is meant: a person who presses Ctrl-C twice doesn't want to wait for the step to end.
      if (stop.signal.aborted) process.exit(130);
      stop.abort(name);
    });
  }
  const edges: Edges = {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    terminal: process.stderr.isTTY === true,
    env: process.env,
    cwd: process.cwd(),
    now: () => new Date(),
    sleep: async (ms, signal) => {
      await sleep(ms, undefined, signal ? { signal } : {});
    },
    random: Math.random,
    signal: stop.signal,
  };
  if (process.stdout.isTTY) edges.screen = screenOf(process.stdout);
  if (process.stdin.isTTY && process.stderr.isTTY) {
    edges.ask = async (question) => {
      const terminal = createInterface({ input: process.stdin, output: process.stderr });
      try {
        return (await terminal.question(question, { signal: stop.signal })).trim();
      } finally {
        terminal.close();
      }
    };
  }
  const code = await run(process.argv.slice(2), edges);
  // Pipes may still hold output that process.exit would cut off.
  await Promise.all([process.stdout, process.stderr].map((out) => new Promise((done) => out.write("", done))));
  process.exit(code);
}

function screenOf(out: NodeJS.WriteStream): Screen {
  return {
    size: () => ({ columns: out.columns, rows: out.rows }),
    onResize(changed) {
      out.on("resize", changed);
      return () => void out.off("resize", changed);
    },
  };
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await main();
