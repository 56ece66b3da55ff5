import { mkdir, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { messageOf, UserError } from "../../model/errors.js";
import { cacheFolder } from "./cache-folder.js";
import { estimateOf, rememberDuration } from "./durations.js";
import type { EnsureOptions } from "./ensure.js";
import { withLock } from "./lock.js";
import { answers, CommandFailed, runCommand } from "./run-command.js";

/** A program of the Python Package Index. */
export interface PythonTool {
  name: string;
  /** Versions by package, which may name its extras: `moto[server]`. What these need is left to pip. */
  packages: Readonly<Record<string, string>>;
  /** What is run: `moto_server`. */
  program: string;
}

/**
 * Makes a program ready in a Python virtual environment of its own and returns its path.
 *
 * A virtual environment holds its own path, so it can't be built elsewhere and renamed: it's built in place under the lock, and
 * counts only once the file `complete` is in it and its Python knows the packages.
 *
 * @throws UserError `tool-missing` where Python or its venv module is missing, or pip can't fetch.
 */
export async function ensurePythonTool(
  { name, packages, program }: PythonTool,
  { onProgress = () => {}, env = process.env, signal }: EnsureOptions = {},
): Promise<string> {
  const versions = Object.values(packages).join("-");
  const what = `${name} ${versions}`;
  const cache = cacheFolder(env, process.platform, homedir());
  const folder = join(cache, "bin", name, versions);
  const python = join(folder, "bin", "python");
  const path = join(folder, "bin", program);
  const asserts = Object.entries(packages).map(
    ([each, version]) => `assert m.version("${each.replace(/\[.*$/, "")}") == "${version}"`,
  );
  // Cheaper than importing them, and it fails too when the system's Python was replaced by another.
  const check = ["import importlib.metadata as m", ...asserts, `open("${folder}/complete")`].join("; ");
  const isComplete = () => answers(python, ["-c", check], { env, signal });
  if (await isComplete()) return path;
  return withLock(
    join(cache, "locks", `${name}-${versions}`),
    async () => {
      if (await isComplete()) return path;
      const started = performance.now();
      const estimate = await estimateOf(cache, name);
      const count = { n: 1, of: 1 };
      onProgress({ kind: "building", what, ...count, from: "the Python Package Index", estimate });
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
      await step(
        runCommand("python3", ["-m", "venv", folder], { env, signal }),
        "Install Python 3.9 or newer with its venv module (Debian and Ubuntu: apt install python3 python3-venv), then run the command again.",
      );
      const wanted = Object.entries(packages).map(([each, version]) => `${each}==${version}`);
      await step(
        runCommand(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...wanted], {
          env,
          signal,
        }),
        "Let pip reach its package index (PIP_INDEX_URL names another one), then run the command again.",
      );
      await writeFile(join(folder, "complete"), "");
      const seconds = (performance.now() - started) / 1000;
      await rememberDuration(cache, name, seconds);
      onProgress({ kind: "ready", what, ...count, seconds });
      return path;
    },
    { onWait: (holder) => onProgress({ kind: "waiting", what, holder }), signal },
  );

  async function step(work: Promise<unknown>, fix: string): Promise<void> {
    await work.catch((thrown) => {
      signal?.throwIfAborted();
      if (!(thrown instanceof CommandFailed) && (thrown as NodeJS.ErrnoException).code !== "ENOENT") throw thrown;
      throw new UserError({
        code: "tool-missing",
        what: `${what} can't be installed: ${messageOf(thrown)}`,
        fix,
        cause: thrown,
      });
    });
  }
}
