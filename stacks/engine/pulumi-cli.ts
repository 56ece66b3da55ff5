import { access, constants, mkdir, rename, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, isAbsolute, join } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { messageOf, UserError } from "../../src/model/errors.js";

/** The plugin that runs dynamic resources. */
const dynamicPlugin = "pulumi-resource-pulumi-nodejs";

export interface FindCli {
  /** An installation, with bin/pulumi in it. Left out: the one of PATH. */
  root?: string | undefined;
  path: string;
  /** A folder of ours, made where it's missing: what the engine finds first is put there. */
  stage: string;
}

/**
 * The Pulumi CLI, together with our own plugin for dynamic resources. The CLI's own plugin looks for @pulumi/pulumi from
 * the working directory, where an inline program has none, and a CLI built from source has no plugin at all.
 *
 * @throws UserError `tool-missing` where there is no CLI, or it doesn't run
 */
export async function pulumiCli({ root, path, stage }: FindCli): Promise<PulumiCommand> {
  const cli = await findCli(root === undefined ? path.split(delimiter) : [join(root, "bin")]);
  if (cli === undefined) {
    throw missing(root === undefined ? "The Pulumi CLI is not on the PATH." : `There is no bin/pulumi in ${root}.`);
  }
  const bin = join(stage, "bin");
  await mkdir(bin, { recursive: true });
  await put(join(bin, "pulumi"), (at) => symlink(cli, at));
  const plugin = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/dynamic-provider/index.js");
  const script = `#!/bin/sh\nexec ${quoted(process.execPath)} ${quoted(plugin)} "$@"\n`;
  await put(join(bin, dynamicPlugin), (at) => writeFile(at, script, { mode: 0o755 }));
  try {
    return await PulumiCommand.get({ root: stage });
  } catch (thrown) {
    throw missing(`The Pulumi CLI ${cli} doesn't run: ${messageOf(thrown).trim()}`);
  }
}

async function findCli(folders: string[]): Promise<string | undefined> {
  for (const folder of folders.filter(isAbsolute)) {
    const file = join(folder, "pulumi");
    const runs = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return file;
  }
  return undefined;
}

/** Whole or not at all: another process may be starting the file meanwhile. */
async function put(file: string, write: (at: string) => Promise<void>): Promise<void> {
  const draft = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await write(draft);
  await rename(draft, file);
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function missing(what: string): UserError {
  return new UserError({
    code: "tool-missing",
    what,
    fix: "Install it: curl -fsSL https://get.pulumi.com | sh, or brew install pulumi (https://www.pulumi.com/docs/install/). It needs no account.",
  });
}
