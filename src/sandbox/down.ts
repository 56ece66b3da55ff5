import { readdir, rm } from "node:fs/promises";
import { stopControlPlane } from "./cluster/control-plane.js";
import { stopAll } from "./processes/processes.js";
import { SandboxFolder } from "./sandbox-folder.js";

/**
 * Ends a sandbox by its own records: every process that it started, then its folder. Works in any state, also after its
 * parent was killed half-way; nothing happens where there is none. Resolves to whether there was one.
 */
export async function sandboxDown(env: NodeJS.ProcessEnv, name: string): Promise<boolean> {
  const folder = new SandboxFolder(env, name);
  const parts = await readdir(folder.dir).catch(() => undefined);
  if (!parts) return false;
  await stopAll(folder.processes);
  const planes = await readdir(folder.path("control-planes")).catch(() => []);
  await Promise.all(planes.map((plane) => stopControlPlane(folder.controlPlane(plane))));
  await rm(folder.dir, { recursive: true, force: true });
  return true;
}
