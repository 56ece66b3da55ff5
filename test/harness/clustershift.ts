import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { run } from "../../src/cli.js";
import type { Edges, Screen } from "../../src/edges.js";

/** How a command ended, and what it said. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  signal?: AbortSignal;
  onLine?: (line: string) => void;
  onOutput?: (line: string) => void;
  /** The terminal that standard output is. */
  screen?: Screen;
}

/** What every refusal says with --output json. */
export interface Refusal {
  outcome: string;
  error: { code: string; exitCode: number; what: string; fix: string };
}

const program = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** A folder in which somebody works with clustershift, and that person's clock and environment. */
export class Workplace {
  /** Milliseconds by which this place's clock is ahead. */
  ahead = 0;
  env: NodeJS.ProcessEnv;
  /** How this place waits: really, unless its clock is to be moved instead. */
  sleep: Edges["sleep"] = async (ms, until) => {
    await sleep(ms, undefined, until ? { signal: until } : {});
  };

  constructor(
    readonly dir: string,
    env: NodeJS.ProcessEnv = process.env,
  ) {
    this.env = { ...env };
  }

  /** One command, in this process. `signal` is Ctrl-C; `onLine` and `onOutput` get each line of standard error and output as it comes. */
  async run(argv: readonly string[], { signal, onLine, onOutput, screen }: RunOptions = {}) {
    const [stdout, stderr] = [new Captured(onOutput), new Captured(onLine)];
    const edges: Edges = {
      ...(screen && { screen }),
      stdout,
      stderr,
      stdin: Readable.from([]),
      terminal: false,
      env: this.env,
      cwd: this.dir,
      now: () => new Date(Date.now() + this.ahead),
      sleep: (ms, until) => this.sleep(ms, until),
      random: Math.random,
      signal: signal ?? new AbortController().signal,
    };
    const code = await run([...argv], edges);
    return { code, stdout: stdout.text, stderr: stderr.text } satisfies Ended;
  }

  /** The same with --output json, read. */
  async json<Shape = Refusal>(...argv: string[]): Promise<Ended & { json: Shape }> {
    const ended = await this.run([...argv, "--output", "json"]);
    try {
      return { ...ended, json: JSON.parse(ended.stdout) as Shape };
    } catch (cause) {
      throw new Error(`${argv.join(" ")} (${ended.code}) printed no JSON: ${ended.stdout}${ended.stderr}`, { cause });
    }
  }

  /** One command that must end well; an error with all that it said, where it doesn't. */
  async succeed(...argv: string[]): Promise<Ended> {
    const ended = await this.run(argv);
    if (ended.code !== 0) throw new Error(`${argv.join(" ")} ended with ${ended.code}\n${ended.stdout}${ended.stderr}`);
    return ended;
  }

  /** One command in a process of its own, as a person starts it: it can be killed. */
  start(...argv: string[]): ChildProcess {
    return spawn(process.execPath, ["--import", "tsx", program, ...argv, "--config", `${this.dir}/clustershift.yaml`], {
      // tsx is found from the checkout; the folder is named by --config.
      env: this.env,
      stdio: "ignore",
    });
  }
}

/** Kills for good; resolves to whether it was still at work. */
export async function kill(child: ChildProcess): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null) return false;
  child.kill("SIGKILL");
  const [code] = (await once(child, "exit")) as [number | null];
  return code === null;
}

class Captured extends Writable {
  text = "";
  readonly #onLine: (line: string) => void;

  constructor(onLine: (line: string) => void = () => {}) {
    super();
    this.#onLine = onLine;
  }

  override _write(chunk: Buffer | string, _encoding: string, done: () => void): void {
    const text = chunk.toString();
    this.text += text;
    for (const line of text.split("\n").filter((each) => each !== "")) this.#onLine(line);
    done();
  }
}
