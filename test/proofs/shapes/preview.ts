import { mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { nodeCommand } from "../../../src/sandbox/self.js";
import { openStack } from "../../../stacks/engine.js";
import { clusterProgram, foundationProgram } from "../../../stacks/program.js";
import { parseClusterSettings } from "../../../stacks/settings/cluster-settings.js";
import { parseFoundationSettings } from "../../../stacks/settings/foundation-settings.js";
import type { DrawnStacks } from "./made.js";

/**
 * Previews both stacks with Pulumi's engine, and a plugin for tests in that of AWS' place. The foundation is brought up for it: the
 * cluster's program reads its outputs.
 *
 * @param folder an empty one, for Pulumi's state
 * @returns how many resources each would make
 * @throws whatever makes a preview fail
 */
export async function preview(
  { foundation, cluster }: DrawnStacks,
  zones: Record<string, string>,
  { folder, pulumiRoot }: { folder: string; pulumiRoot: string },
): Promise<{ foundation: number; cluster: number; nodeGroups: number }> {
  const bin = join(folder, "plugins");
  await mkdir(bin, { recursive: true });
  const { command, args } = nodeCommand("./aws-plugin", import.meta.url);
  const words = [command, ...args].map((word) => `'${word}'`).join(" ");
  await writeFile(join(bin, "pulumi-resource-aws"), `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
  const open = (stackName: string, program: () => Promise<Record<string, unknown>>) =>
    openStack({
      stackName,
      projectName: "clustershift",
      program,
      workDir: join(folder, "work"),
      passphrase: "only for tests",
      pulumiRoot,
      pulumiHome: join(folder, "home"),
      env: { PATH: `${bin}${delimiter}${process.env.PATH}`, SHAPES_ZONES: JSON.stringify(zones) },
    });
  const base = await open(
    cluster.foundation.split("/").at(-1) ?? "",
    foundationProgram(parseFoundationSettings(foundation)),
  );
  const wanted = await base.preview();
  await base.up();
  const settings = parseClusterSettings(cluster);
  const made = new Set<string>();
  const changes = await (await open(settings.name, clusterProgram(settings))).preview(({ type, name, op }) => {
    if (type.endsWith("eks/nodeGroup:NodeGroup") && op === "create") made.add(name);
  });
  return { foundation: wanted.create ?? 0, cluster: changes.create ?? 0, nodeGroups: made.size };
}
