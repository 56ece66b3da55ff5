import { rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { messageOf, UserError } from "../../model/errors.js";
import { buildFromModules } from "./build.js";
import { cacheFolder } from "./cache-folder.js";
import { Downloads, NoDownload } from "./download.js";
import { estimateOf, rememberDuration } from "./durations.js";
import { withLock } from "./lock.js";
import type { OnBinaryEvent } from "./progress.js";
import { type Recipe, recipeOf } from "./recipe.js";
import { releaseOf } from "./release.js";
import { answers, CommandFailed } from "./run-command.js";
import { store, storedPath, verifyStored } from "./store.js";
import type { BinaryName } from "./versions.js";

export interface EnsureOptions {
  onProgress?: OnBinaryEvent;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
}

/**
 * Makes programs ready and returns their paths: from the cache where their checksum still holds, else by the official
 * download, else built from Go modules. Several calls at once, in one process or many, share the work.
 *
 * @throws UserError `tool-missing` where neither way is open, or a download isn't what its project published.
 */
export async function ensureBinaries<Name extends BinaryName>(
  names: readonly Name[],
  { onProgress = () => {}, env = process.env, signal }: EnsureOptions = {},
): Promise<Record<Name, string>> {
  const cache = cacheFolder(env, process.platform, homedir());
  const paths = new Map<Name, string>();
  const wanted: { name: Name; recipe: Recipe }[] = [];
  for (const name of new Set(names)) {
    const recipe = recipeOf(name);
    const path = storedPath(cache, recipe);
    const state = await verifyStored(path);
    if (state === "damaged") onProgress({ kind: "damaged", what: label(recipe), path });
    if (state === "good") paths.set(name, path);
    else wanted.push({ name, recipe });
  }
  const downloads = new Downloads({ env, signal });
  try {
    for (const [index, { name, recipe }] of wanted.entries()) {
      const count = { n: index + 1, of: wanted.length };
      const path = await withLock(join(cache, "locks", recipe.unit), () => make(recipe, count), {
        onWait: (holder) => onProgress({ kind: "waiting", what: label(recipe), holder }),
        signal,
      });
      paths.set(name, path);
    }
  } finally {
    await downloads.close();
  }
  return Object.fromEntries(paths) as Record<Name, string>;

  /** With the lock held: someone else may have made it meanwhile. */
  async function make(recipe: Recipe, count: { n: number; of: number }): Promise<string> {
    const path = storedPath(cache, recipe);
    if ((await verifyStored(path)) === "good") return path;
    const started = performance.now();
    const folder = join(cache, "build", recipe.unit);
    const hasGo = await answers("go", ["version"], { env });
    const file = await download(recipe, folder, hasGo, count).catch(async (thrown) => {
      if (!(thrown instanceof NoDownload)) throw thrown;
      if (!hasGo) throw unavailable(recipe, thrown.message);
      const estimate = await estimateOf(cache, recipe.binary);
      onProgress({
        kind: "building",
        what: label(recipe),
        ...count,
        from: "Go modules",
        why: thrown.message,
        estimate,
      });
      const built = await buildFromModules(recipe, { folder, env, signal }).catch((failure) => {
        signal?.throwIfAborted();
        if (!(failure instanceof CommandFailed)) throw failure;
        throw unavailable(recipe, `${thrown.message}; building it failed too: ${failure.message}`);
      });
      await rememberDuration(cache, recipe.binary, (performance.now() - started) / 1000);
      return built;
    });
    const stored = await store(cache, file, recipe);
    onProgress({ kind: "ready", what: label(recipe), ...count, seconds: (performance.now() - started) / 1000 });
    return stored;
  }

  async function download(recipe: Recipe, folder: string, hasGo: boolean, count: { n: number; of: number }) {
    const release = releaseOf(recipe, process.platform, process.arch);
    if (!release) throw new NoDownload(`its project publishes none for ${process.platform} on ${process.arch}`);
    // Go verifies what it fetches against its checksum database; a bare download is only as good as its connection.
    if (!release.checksums && hasGo)
      throw new NoDownload("its project publishes no checksums, and Go verifies modules");
    downloads.assertReachable(release.url);
    onProgress({ kind: "downloading", what: label(recipe), ...count, url: release.url });
    const target = join(folder, "download");
    await rm(target, { recursive: true, force: true });
    return downloads.fetch(release, target);
  }
}

/** Whether all of them are in the cache, so that `ensureBinaries` would neither download nor build. */
export async function areStored(names: readonly BinaryName[], env: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  const cache = cacheFolder(env, process.platform, homedir());
  const states = await Promise.all(names.map((name) => verifyStored(storedPath(cache, recipeOf(name)))));
  return states.every((state) => state === "good");
}

function label({ program, version }: Recipe): string {
  return `${program} ${version}`;
}

function unavailable(recipe: Recipe, why: unknown): UserError {
  return new UserError({
    code: "tool-missing",
    what: `${label(recipe)} can be neither downloaded nor built: ${messageOf(why)}`,
    fix: "Allow HTTPS to dl.k8s.io and github.com, or install Go 1.25 or newer (https://go.dev/dl/) and let it reach its module proxy; then run the command again.",
  });
}
