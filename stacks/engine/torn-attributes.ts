import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type LockedStack, ownLocks } from "./dead-locks.js";

/**
 * Takes away what kill -9 cut of the attributes that a file backend writes beside each state file. The state itself is written
 * whole or not at all, but the engine refuses to read it beside attributes that are cut; without any it reads it. Nothing is touched
 * while an engine of this machine is at work.
 *
 * @returns the files that were taken away
 */
export async function removeTornAttributes(stack: LockedStack): Promise<string[]> {
  const { backendUrl, projectName, stackName } = stack;
  if (!backendUrl.startsWith("file:///")) return [];
  const folder = join(fileURLToPath(backendUrl), ".pulumi", "stacks", projectName);
  const ours = (await readdir(folder).catch(() => []))
    .filter((name) => name.startsWith(`${stackName}.json`) && name.endsWith(".attrs"))
    .map((name) => join(folder, name));
  const torn: string[] = [];
  for (const file of ours) if (!(await isWhole(file))) torn.push(file);
  if (torn.length === 0 || (await ownLocks(stack)).some(({ alive }) => alive)) return [];
  for (const file of torn) await rm(file, { force: true });
  return torn;
}

async function isWhole(file: string): Promise<boolean> {
  try {
    JSON.parse(await readFile(file, "utf8"));
    return true;
  } catch {
    return false;
  }
}
