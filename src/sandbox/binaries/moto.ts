import { mkdir, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { messageOf, UserError } from "../../model/errors.js";
import { cacheFolder } from "./cache-folder.js";
import { estimateOf, rememberDuration } from "./durations.js";
import type { EnsureOptions } from "./ensure.js";
import { withLock } from "./lock.js";
import { answers, CommandFailed, runCommand } from "./run-command.js";
import { toolVersions } from "./versions.js";

/**
 * Makes moto, the AWS emulator, ready in a Python virtual environment of its own and returns the path of `moto_server`.
 *
 * A virtual environment holds its own path, so it can't be built elsewhere and renamed: it's built in place under the lock, and
 * counts only once the file `complete` is in it and its Python can import moto.
 *
 * @throws UserError `tool-missing` where Python or its venv module is missing, or pip can't fetch.
 */
export async function ensureMoto({
  onProgress = () => {},
  env = process.env,
  signal,
}: EnsureOptions = {}): Promise<string> {
  const version = toolVersions.moto;
  const what = `moto ${version}`;
  const cache = cacheFolder(env, process.platform, homedir());
  const folder = join(cache, "bin", "moto", version);
  const python = join(folder, "bin", "python");
  const server = join(folder, "bin", "moto_server");
  // Cheaper than importing it, and it fails too when the system's Python was replaced by another.
  const check = `import importlib.metadata as m; assert m.version("moto") == "${version}"; open("${folder}/complete")`;
  const isComplete = () => answers(python, ["-c", check], { env, signal });
  if (await isComplete()) return server;
  return withLock(
    join(cache, "locks", `moto-${version}`),
    async () => {
      if (await isComplete()) return server;
      const started = performance.now();
      const estimate = await estimateOf(cache, "moto");
      const count = { n: 1, of: 1 };
      onProgress({ kind: "building", what, ...count, from: "the Python Package Index", estimate });
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
      await step(
        runCommand("python3", ["-m", "venv", folder], { env, signal }),
        "Install Python 3.9 or newer with its venv module (Debian and Ubuntu: apt install python3 python3-venv), then run the command again.",
      );
      const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", `moto[server]==${version}`];
      await step(
        runCommand(python, install, { env, signal }),
        "Let pip reach its package index (PIP_INDEX_URL names another one), then run the command again.",
      );
      await writeFile(join(folder, "complete"), "");
      const seconds = (performance.now() - started) / 1000;
      await rememberDuration(cache, "moto", seconds);
      onProgress({ kind: "ready", what, ...count, seconds });
      return server;
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
