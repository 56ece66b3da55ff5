import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listProcesses, startProcess } from "../../src/sandbox/processes/processes.js";
import { SandboxFolder } from "../../src/sandbox/sandbox-folder.js";
import { kill, Workplace } from "../harness/clustershift.js";
import { isFree, processesMarked } from "../harness/processes.js";
import { seededRandom } from "../harness/random.js";

let dir: string;
let place: Workplace;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "clustershift-sandboxes-"));
  place = new Workplace(dir, { ...process.env, SANDBOX_MARK: dir });
});
afterEach(async () => {
  for (const name of ["killed", "one", "other"]) await place.run(["sandbox", "down", "--name", name]);
  await rm(dir, { recursive: true, force: true });
});

describe("sandbox up whose process is killed", { timeout: 180_000 }, () => {
  /** From the first processes to the workload, on a quiet machine; later ones only find it whole. Milliseconds. */
  const span = 8_000;
  const random = seededRandom("kills of sandbox up");

  it.each([1, 2])("leaves nothing that down doesn't end (moment %i)", async () => {
    const folder = new SandboxFolder(place.env, "killed");
    const child = place.start("sandbox", "up", "--name", "killed");
    const ended = once(child, "exit");
    while (child.exitCode === null && !(await folder.read())) await sleep(20);
    await sleep(random() * span);
    await kill(child);
    await ended;

    const record = await folder.read();
    expect(record).toBeDefined();
    if (!record?.aws) {
      const status = await place.run(["sandbox", "status", "--name", "killed"]);
      expect(status.stdout).toMatch(/not started whole; take it down/);
    }
    expect(await place.json("sandbox", "up", "--name", "killed")).toMatchObject({
      code: 2,
      json: { error: { fix: expect.stringMatching(/^clustershift sandbox down --name killed/) } },
    });

    await place.succeed("sandbox", "down", "--name", "killed");
    expect(await processesMarked(dir)).toEqual([]);
    await expect(readdir(folder.dir)).rejects.toThrow(/ENOENT/);
    for (const port of [record?.ports.aws, record?.ports.moto])
      expect({ port, free: await isFree(port ?? 0, "127.0.0.1") }).toEqual({ port, free: true });
    // Nor does anything come up later.
    await sleep(500);
    expect(await processesMarked(dir)).toEqual([]);
  });
});

describe("two sandboxes", () => {
  it("have records of their own: down ends one of them", async () => {
    const [one, other] = ["one", "other"].map((name) => new SandboxFolder(place.env, name));
    if (!one || !other) throw new Error("two names");
    for (const { processes, path } of [one, other].map((each) => ({ processes: each.processes, path: each.dir }))) {
      await mkdir(path, { recursive: true });
      await startProcess(processes, {
        name: "moto",
        command: "/bin/sleep",
        args: ["600"],
        log: join(path, "moto.log"),
      });
    }
    expect(await place.json("sandbox", "down", "--name", "one")).toMatchObject({ code: 0, json: { was: true } });
    await expect(readdir(one.dir)).rejects.toThrow(/ENOENT/);
    expect(await listProcesses(other.processes)).toMatchObject([{ name: "moto", running: true }]);
    expect(await place.json("sandbox", "down", "--name", "one")).toMatchObject({ code: 0, json: { was: false } });
  });
});
