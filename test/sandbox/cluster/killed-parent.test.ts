import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { ensureBinaries } from "../../../src/sandbox/binaries/ensure.js";
import { controlPlaneBinaries } from "../../../src/sandbox/binaries/versions.js";
import { stopControlPlane } from "../../../src/sandbox/cluster/control-plane.js";
import { listProcesses } from "../../../src/sandbox/processes/processes.js";

const version = "1.24.17";
const module = new URL("../../../src/sandbox/cluster/control-plane.ts", import.meta.url).href;

/** The parent is killed as soon as so many processes are recorded: from kwokctl alone to almost all of them. */
it.each([1, 2, 4])(
  "nothing is left of a start whose parent was killed at process %i",
  { timeout: 3_600_000 },
  async (count) => {
    await ensureBinaries(controlPlaneBinaries(version));
    const parent = await mkdtemp(join(tmpdir(), "clustershift-killed-"));
    const dir = join(parent, "blue");
    const script = join(parent, "start.mts");
    const options = JSON.stringify({ name: "blue", dir, version, kwok: true, fsync: false });
    await writeFile(
      script,
      `const { startControlPlane } = await import(${JSON.stringify(module)});\nawait startControlPlane(${options});\n`,
    );
    const starter = spawn(process.execPath, ["--import", "tsx", script], {
      stdio: "ignore",
      env: { ...process.env, SANDBOX_MARK: dir },
    });
    while ((await listProcesses(join(dir, "processes"))).length < count) await sleep(2);
    starter.kill("SIGKILL");
    await once(starter, "exit");

    await stopControlPlane(dir);

    expect(await processesMarked(dir)).toEqual([]);
    expect(await readdir(parent)).toEqual(["start.mts"]);
    // Nor does anything come up later.
    await sleep(500);
    expect(await processesMarked(dir)).toEqual([]);
    expect(await readdir(parent)).toEqual(["start.mts"]);
    await rm(parent, { recursive: true, force: true });
  },
);

/** Living processes that inherited the mark, however they are called: found without our own records. */
async function processesMarked(mark: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
    if (environment.includes(`SANDBOX_MARK=${mark}\0`)) found.push(await readFile(`/proc/${pid}/cmdline`, "utf8"));
  }
  return found;
}
