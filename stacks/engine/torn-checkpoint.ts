import { copyFile, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type LockedStack, ownLocks } from "./dead-locks.js";
import { readState } from "./state.js";

/**
 * Puts back the checkpoint before the last one, where kill -9 has cut the writing of the last: the engine keeps it beside it, and
 * would refuse an empty file, or take a stack without one for new and make everything twice. What the lost one knew more of is
 * in it as something that was being made. Only files are looked at, and only while no engine of this machine is at work.
 *
 * @returns whether it was put back
 */
export async function restoreTornCheckpoint(stack: LockedStack): Promise<boolean> {
  const { backendUrl, projectName, stackName } = stack;
  if (!backendUrl.startsWith("file:///")) return false;
  const file = join(fileURLToPath(backendUrl), ".pulumi", "stacks", projectName, `${stackName}.json`);
  if ((await resourcesIn(file)) !== undefined) return false;
  // A stack that was forgotten leaves one as well, which is empty but for the stack itself.
  if (((await resourcesIn(`${file}.bak`)) ?? 0) <= 1) return false;
  if ((await ownLocks(stack)).some(({ alive }) => alive)) return false;
  await copyFile(`${file}.bak`, `${file}.restored`);
  await rename(`${file}.restored`, file);
  return true;
}

/** How many resources a checkpoint has; undefined where it's missing or cut. */
async function resourcesIn(file: string): Promise<number | undefined> {
  try {
    const { checkpoint } = JSON.parse(await readFile(file, "utf8")) as { checkpoint?: { latest?: unknown } };
    return checkpoint ? readState({ deployment: checkpoint.latest }).resources.length : undefined;
  } catch {
    return undefined;
  }
}
