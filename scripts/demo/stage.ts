import { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { run } from "../../src/cli.js";
import type { Edges } from "../../src/edges.js";

/** What one command answered. */
export interface Answer {
  code: number;
  // The answers' shapes are the commands' own; the demo picks what it shows.
  json: Record<string, never> & { error?: { code: string; what: string; fix: string } };
}

/** Runs clustershift's commands as a person would, in one folder, and shows each with its own progress. */
export class Stage {
  readonly #edges: Edges;
  readonly #started: number;

  constructor(
    readonly cwd: string,
    readonly env: NodeJS.ProcessEnv,
    readonly signal: AbortSignal,
    started = performance.now(),
  ) {
    this.#started = started;
    this.#edges = {
      stdout: process.stdout,
      stderr: process.stderr,
      stdin: process.stdin,
      terminal: process.stderr.isTTY === true,
      env,
      cwd,
      now: () => new Date(),
      sleep: async (ms, stop) => {
        await sleep(ms, undefined, stop ? { signal: stop } : {});
      },
      random: Math.random,
      signal,
    };
  }

  /** Somebody else's folder, on the same evening. */
  in(cwd: string): Stage {
    return new Stage(cwd, this.env, this.signal, this.#started);
  }

  /** A line of the story, with the time since the start. */
  say(text: string): void {
    const seconds = Math.round((performance.now() - this.#started) / 1000);
    process.stdout.write(
      `\n[${String(Math.floor(seconds / 60)).padStart(2)}:${String(seconds % 60).padStart(2, "0")}] ${text}\n`,
    );
  }

  /** What somebody does beside clustershift. */
  aside(text: string): void {
    process.stdout.write(`  ${text.trim().replaceAll("\n", "\n    ")}\n`);
  }

  /** Runs one command; throws where it ends with another code than `expected`. */
  async command(line: string[], expected = 0): Promise<Answer> {
    process.stdout.write(`  $ clustershift ${line.join(" ")}\n`);
    let out = "";
    const stdout = new Writable({
      write(chunk, _encoding, done) {
        out += String(chunk);
        done();
      },
    });
    const code = await run([...line, "--output", "json"], { ...this.#edges, stdout });
    const json = JSON.parse(out) as Answer["json"];
    const trouble = json.error ? `: ${json.error.what}` : "";
    process.stdout.write(`    exit code ${code}${trouble}\n`);
    if (code !== expected)
      throw new Error(`clustershift ${line[0]} ended with ${code}, not ${expected}${trouble}\n${out.slice(0, 4000)}`);
    return { code, json };
  }
}
