import { chmod, mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { quote } from "../processes/launch-script.js";
import { type EnsureOptions, ensureBinaries } from "./ensure.js";

/**
 * Lays out a folder that Pulumi's Automation API takes as an installation (`PulumiCommand.get({ root })`): `bin/pulumi`, and
 * beside it the provider of dynamic resources, which the official CLI ships and a built one lacks. It runs with this very
 * node and this project's @pulumi/pulumi, so the folder belongs to one checkout: `target` must not be shared between two.
 */
export async function ensurePulumi(target: string, options: EnsureOptions = {}): Promise<string> {
  const { pulumi } = await ensureBinaries(["pulumi"], options);
  const bin = join(target, "bin");
  await mkdir(bin, { recursive: true });
  const provider = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/dynamic-provider/index.js");
  await replace(join(bin, "pulumi"), (path) => symlink(pulumi, path));
  await replace(join(bin, "pulumi-resource-pulumi-nodejs"), async (path) => {
    await writeFile(path, providerScript(process.execPath, provider));
    await chmod(path, 0o755);
  });
  return target;
}

/** The shell script that starts the provider of dynamic resources. */
export function providerScript(node: string, provider: string): string {
  return `#!/bin/sh\n# Pulumi's engine starts this for dynamic resources.\nexec ${quote(node)} ${quote(provider)} "$@"\n`;
}

/** A running engine may be executing the old file: a new one takes its name in one step. */
async function replace(path: string, make: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${process.pid}`;
  await rm(temporary, { force: true });
  await make(temporary);
  await rename(temporary, path);
}
