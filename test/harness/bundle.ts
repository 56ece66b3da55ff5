import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";

/**
 * One file of JavaScript of a program and everything that it imports: it begins in a third of the time that its sources take, which
 * counts where hundreds of processes begin. Their text must not ask where it stands. `remove` takes it away.
 */
export async function bundle(program: string): Promise<{ file: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "clustershift-bundle-"));
  const file = join(folder, "program.mjs");
  await build({
    entryPoints: [program],
    outfile: file,
    bundle: true,
    platform: "node",
    format: "esm",
    // Packages that aren't modules ask for others by `require`, which a module hasn't.
    banner: {
      js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
    },
    logLevel: "error",
  });
  return { file, remove: () => rm(folder, { recursive: true, force: true }) };
}
