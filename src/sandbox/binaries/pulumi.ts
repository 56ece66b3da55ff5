import { mkdir, rename, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { type EnsureOptions, ensureBinaries } from "./ensure.js";

/**
 * Lays out a folder that stacks/engine.ts takes as an installation of Pulumi: `bin/pulumi` in it. The engine's wrapper puts
 * the provider of dynamic resources beside it.
 */
export async function ensurePulumi(target: string, options: EnsureOptions = {}): Promise<string> {
  const { pulumi } = await ensureBinaries(["pulumi"], options);
  const bin = join(target, "bin");
  await mkdir(bin, { recursive: true });
  // A running engine may be executing the old file: a new one takes its name in one step.
  const draft = join(bin, `pulumi.${process.pid}`);
  await rm(draft, { force: true });
  await symlink(pulumi, draft);
  await rename(draft, join(bin, "pulumi"));
  return target;
}
