import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UserError } from "../../src/model/errors.js";
import type { StackChange } from "../../src/model/stack-change.js";
import { CommandResource } from "../../stacks/command-resource.js";
import { type OpenStackArgs, openStack, type ResourceProgress } from "../../stacks/engine.js";

/** A folder with bin/pulumi in it: the real engine. */
const pulumiRoot = process.env.CLUSTERSHIFT_TEST_PULUMI;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "engine-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const args = (change: Partial<OpenStackArgs> = {}): OpenStackArgs => ({
  stackName: "test",
  projectName: "clustershift",
  program: async () => ({}),
  workDir: join(folder, "work"),
  passphrase: "only-for-tests",
  pulumiHome: join(folder, "home"),
  ...(pulumiRoot === undefined ? {} : { pulumiRoot }),
  ...change,
});

describe("without the Pulumi CLI", () => {
  it.each([
    { case: "nothing there", make: async () => {}, says: /no bin\/pulumi in/ },
    {
      case: "a program that isn't Pulumi",
      make: async (root: string) => {
        await mkdir(join(root, "bin"));
        await writeFile(join(root, "bin", "pulumi"), "#!/bin/sh\nexit 3\n", { mode: 0o755 });
      },
      says: /doesn't run/,
    },
  ])("says how to get it: $case", async ({ make, says }) => {
    await make(folder);
    const refused = await openStack(args({ pulumiRoot: folder })).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UserError);
    expect(refused).toMatchObject({
      code: "tool-missing",
      message: expect.stringMatching(says),
      fix: expect.stringMatching(/get\.pulumi\.com/),
    });
  });
});

const why = pulumiRoot === undefined ? " (skipped: CLUSTERSHIFT_TEST_PULUMI names no folder with bin/pulumi)" : "";

describe.skipIf(pulumiRoot === undefined)(`with the real engine${why}`, { timeout: 300_000 }, () => {
  /** A local cluster in small: create and delete write to a log what they did. */
  const program = (hash: string, log: string) => async () => {
    const create = ["/bin/sh", "-c", `echo up-${hash} >> "$LOG"; echo '{"endpoint":"https://green","hash":"${hash}"}'`];
    const remove = ["/bin/sh", "-c", `echo down-${hash} >> "$LOG"`];
    const green = new CommandResource("green", { create, delete: remove, hash, env: { LOG: log } });
    return { cluster: green.result };
  };
  const happened = async (log: string) => (await readFile(log, "utf8")).trim().split("\n");

  it("previews, makes, leaves alone, replaces and destroys; twice", async () => {
    const log = join(folder, "log");
    for (const round of ["1", "2"]) {
      await rm(log, { force: true });
      const stack = await openStack(args({ program: program(round, log) }));
      expect(await stack.preview()).toMatchObject({ create: 2 });
      await expect(readFile(log)).rejects.toThrow(/ENOENT/);

      const seen: ResourceProgress[] = [];
      expect(await stack.up((progress) => seen.push(progress))).toMatchObject({ create: 2 });
      const green = seen.filter(({ name }) => name === "green");
      expect(green).toEqual(
        [false, true].map((done) => ({
          type: "pulumi-nodejs:dynamic:Resource",
          name: "green",
          op: "create",
          done,
          failed: false,
        })),
      );
      expect(await stack.outputs()).toEqual({ cluster: { endpoint: "https://green", hash: round } });

      expect(await stack.up()).toEqual({ same: 2 });
      expect(await happened(log)).toEqual([`up-${round}`]);

      const changed = await openStack(args({ program: program("next", log) }));
      const foreseen: StackChange[] = [];
      await changed.preview((_progress, change) => change && foreseen.push(change));
      expect(foreseen.filter(({ kind }) => kind !== "same")).toEqual([
        expect.objectContaining({ name: "green", kind: "replace", because: ["hash"], isProtected: false }),
      ]);
      expect(foreseen.find(({ name }) => name === "green")).toMatchObject({
        before: { hash: round },
        after: { hash: "next" },
      });
      await changed.up();
      expect(await happened(log)).toEqual([`up-${round}`, `down-${round}`, "up-next"]);

      expect(await changed.destroy()).toMatchObject({ delete: 2 });
      expect(await happened(log)).toEqual([`up-${round}`, `down-${round}`, "up-next", "down-next"]);
      expect(await changed.outputs()).toEqual({});
    }
  });

  it("keeps results encrypted in its state", async () => {
    // The number is printed and stands nowhere in the command.
    const create = ["/bin/sh", "-c", `echo "{\\"password\\":$((111111 * 111))}"`];
    const secretive = async () => ({
      cluster: new CommandResource("green", { create, delete: ["true"], hash: "1" }).result,
    });
    const stack = await openStack(args({ program: secretive }));
    await stack.up();
    expect(await stack.outputs()).toEqual({ cluster: { password: 12333321 } });
    const files = await readdir(join(folder, "work"), { recursive: true, withFileTypes: true });
    const texts = await Promise.all(
      files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), "utf8")),
    );
    expect(texts.filter((text) => text.includes("111111 * 111"))).not.toEqual([]);
    expect(texts.filter((text) => text.includes("12333321"))).toEqual([]);
  });

  it("gives a failed command's own words, and goes on when it is mended", async () => {
    const fails = async () => {
      const create = ["/bin/sh", "-c", "echo no room left >&2; exit 1"];
      new CommandResource("green", { create, delete: ["true"], hash: "1" });
      return {};
    };
    const failed = await (await openStack(args({ program: fails }))).up().catch((error: unknown) => error);
    expect(failed).toMatchObject({
      code: "effect-failed",
      message: expect.stringMatching(/green: [\s\S]*no room left/),
    });
    const mended = await openStack(args({ program: program("1", join(folder, "log")) }));
    expect(await mended.up()).toMatchObject({ create: 1 });
    await mended.destroy();
  });

  it("hands on what the program tells the user", async () => {
    const trouble = new UserError({ code: "config-invalid", what: "groups[0].zones: no such zone", fix: "Choose." });
    const stack = await openStack(args({ program: () => Promise.reject(trouble) }));
    await expect(stack.up()).rejects.toBe(trouble);
  });

  it("goes on after kill -9, and takes the dead one's lock away", async () => {
    const log = join(folder, "log");
    const gate = join(folder, "gate");
    const slow = `echo started >> ${log}; until [ -e ${gate} ]; do sleep 0.1; done; echo '{}'`;
    const inFull = { ...args(), create: ["/bin/sh", "-c", slow] };
    const script = `
      import { CommandResource } from ${JSON.stringify(pathToFileURL("stacks/command-resource.ts").href)};
      import { openStack } from ${JSON.stringify(pathToFileURL("stacks/engine.ts").href)};
      const { create, ...args } = ${JSON.stringify(inFull)};
      const program = async () => void new CommandResource("green", { create, delete: ["true"], hash: "1" });
      await (await openStack({ ...args, program })).up();
    `;
    const victim = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", script]);
    await expect.poll(() => readFile(log, "utf8").catch(() => ""), { timeout: 60_000 }).toBe("started\n");
    victim.kill("SIGKILL");
    await once(victim, "exit");
    await writeFile(gate, "");

    // The engine outlives its parent for a moment, holds its lock rightly, and is waited for.
    const stack = await openStack(args({ program: program("again", log) }));
    expect(await stack.up()).toMatchObject({ create: 1 });
    expect(await happened(log)).toEqual(["started", "up-again"]);
    expect(await stack.destroy()).toMatchObject({ delete: 2 });
  });

  it("refuses another passphrase", async () => {
    const stack = await openStack(args({ program: program("1", join(folder, "log")) }));
    await stack.up();
    const other = await openStack(args({ program: program("1", join(folder, "log")), passphrase: "another" }))
      .then((opened) => opened.up())
      .catch((error: unknown) => error);
    expect(other).toMatchObject({ code: "effect-failed", message: expect.stringMatching(/incorrect passphrase/) });
    await stack.destroy();
  });

  it("destroys nothing where something is protected", async () => {
    const log = join(folder, "log");
    const guarded = async () => {
      const [create, remove] = [
        ["/bin/sh", "-c", "echo '{}'"],
        ["/bin/sh", "-c", `echo gone >> ${log}`],
      ];
      const kept = new CommandResource("kept", { create, delete: remove, hash: "1" }, { protect: true });
      new CommandResource("other", { create, delete: remove, hash: "1" }, { dependsOn: kept });
      return {};
    };
    const stack = await openStack(args({ program: guarded }));
    await stack.up();
    const refused = await stack.destroy().catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "effect-failed", message: expect.stringMatching(/destroyed: kept$/) });
    await expect(readFile(log)).rejects.toThrow(/ENOENT/);
  });

  it("forgets a destroyed stack", async () => {
    const stack = await openStack(args({ program: program("1", join(folder, "log")) }));
    await stack.up();
    await stack.destroy();
    await stack.forget();
    expect(await readdir(join(folder, "work"))).not.toContain("Pulumi.test.yaml");
  });
});
