import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { stopControlPlane } from "../../src/sandbox/cluster/control-plane.js";
import { sandboxDown } from "../../src/sandbox/down.js";
import { listSandboxes } from "../../src/sandbox/sandbox-folder.js";

/**
 * `caretaker.ts FOLDER`: waits until whoever started it closes its input, which the kernel does for the dead too. Then it
 * stops what was started in the folder, and removes it. So nothing is left of a test run that was interrupted or killed.
 */
const [folder = ""] = process.argv.slice(2);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});
process.stdin.resume().on("close", () => void clean());

async function clean(): Promise<void> {
  const env = { XDG_STATE_HOME: join(folder, "state") };
  for (const name of await listSandboxes(env)) await sandboxDown(env, name);
  const planes = await readdir(join(folder, "control-planes")).catch(() => []);
  await Promise.all(planes.map((name) => stopControlPlane(join(folder, "control-planes", name))));
  await rm(folder, { recursive: true, force: true });
}
