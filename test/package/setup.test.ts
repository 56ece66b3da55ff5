import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const root = resolve(fileURLToPath(import.meta.url), "../../..");
const installs = "setup: installing node_modules (npm ci)\n";

/** A checkout with one dependency, a folder of its own, so that npm needs no registry. */
let checkout = "";

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), "clustershift-setup-test-"));
  mkdirSync(join(checkout, "scripts"));
  mkdirSync(join(checkout, "dependency"));
  copyFileSync(join(root, "scripts/setup.mjs"), join(checkout, "scripts/setup.mjs"));
  write("dependency/package.json", { name: "dependency", version: "1.0.0" });
  writePackage(">=20.19");
  writeLock("1.0.0");
});

afterEach(() => rmSync(checkout, { recursive: true, force: true }));

function write(path: string, value: unknown): void {
  writeFileSync(join(checkout, path), JSON.stringify(value));
}

function writePackage(node: string): void {
  write("package.json", {
    name: "mini",
    version: "1.0.0",
    engines: { node },
    dependencies: { dependency: "file:dependency" },
  });
}

function writeLock(version: string): void {
  write("package-lock.json", {
    name: "mini",
    version,
    lockfileVersion: 3,
    requires: true,
    packages: {
      "": { name: "mini", version, dependencies: { dependency: "file:dependency" }, engines: { node: ">=20.19" } },
      dependency: { version: "1.0.0" },
      "node_modules/dependency": { resolved: "dependency", link: true },
    },
  });
}

function setup(): Promise<{ status: number | null; stdout: string; stderr: string }> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [join(checkout, "scripts/setup.mjs")], { cwd: tmpdir() });
    const said = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) child[name].on("data", (data) => (said[name] += data));
    child.on("error", fail);
    child.on("close", (status) => done({ status, ...said }));
  });
}

describe("setup", () => {
  it("installs what is missing, and is silent where nothing is", async () => {
    const first = await setup();
    expect(first).toMatchObject({ status: 0, stdout: "" });
    expect(first.stderr).toContain(installs);
    expect(existsSync(join(checkout, "node_modules/dependency/package.json"))).toBe(true);
    expect(await setup()).toEqual({ status: 0, stdout: "", stderr: "" });
  }, 60_000);

  it("installs again when node_modules went", async () => {
    await setup();
    rmSync(join(checkout, "node_modules"), { recursive: true });
    expect((await setup()).stderr).toContain(installs);
  }, 60_000);

  it("takes what npm installed by itself, as long as it is what the lock asks for", async () => {
    await setup();
    rmSync(join(checkout, "node_modules/.clustershift-setup"));
    expect(await setup()).toEqual({ status: 0, stdout: "", stderr: "" });
    write("node_modules/.package-lock.json", { packages: {} });
    rmSync(join(checkout, "node_modules/.clustershift-setup"));
    expect((await setup()).stderr).toContain(installs);
  }, 60_000);

  it("installs once where several are started", async () => {
    const all = await Promise.all([setup(), setup(), setup()]);
    expect(all.map(({ status }) => status)).toEqual([0, 0, 0]);
    expect(all.filter(({ stderr }) => stderr.includes(installs))).toHaveLength(1);
  }, 60_000);

  it("says which Node it needs, in one line", async () => {
    writePackage(">=99.1");
    expect(await setup()).toEqual({
      status: 1,
      stdout: "",
      stderr: `setup: clustershift needs Node >=99.1, and this is ${process.versions.node}.\n`,
    });
  });

  it("fails where npm does, and tries again the next time", async () => {
    writeFileSync(
      join(checkout, "package.json"),
      '{"engines":{"node":">=20.19"},"dependencies":{"other":"file:other"}}',
    );
    expect((await setup()).status).toBe(1);
    expect((await setup()).stderr).toContain("npm ci failed");
  }, 60_000);
});
