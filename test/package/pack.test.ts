import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exitCodes } from "../../src/model/exit-codes.js";

const root = resolve(fileURLToPath(import.meta.url), "../../..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string; main?: string };

/** A folder of somebody else's: the package is installed in it, with this checkout's dependencies beside it. */
let elsewhere = "";
let installed = "";
let files: string[] = [];

beforeAll(() => {
  execFileSync(process.execPath, [join(root, "scripts/build.mjs")], { cwd: root, stdio: "pipe" });
  // The real path: a temporary folder may be a link, and modules are known by their real paths.
  elsewhere = mkdtempSync(join(tmpdir(), "clustershift-pack-"));
  const [packed] = JSON.parse(
    execFileSync("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", elsewhere], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }),
  ) as { filename: string }[];
  const modules = join(elsewhere, "project", "node_modules");
  installed = join(modules, "clustershift");
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", join(elsewhere, packed?.filename ?? ""), "-C", installed, "--strip-components=1"]);
  for (const name of readdirSync(join(root, "node_modules")).filter((each) => !each.startsWith("."))) {
    symlinkSync(join(root, "node_modules", name), join(modules, name));
  }
  files = readdirSync(installed, { recursive: true, encoding: "utf8" }).filter((name) =>
    statSync(join(installed, name)).isFile(),
  );
}, 300_000);

afterAll(() => rmSync(elsewhere, { recursive: true, force: true }));

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(installed, "dist/src/main.js"), ...args], {
    cwd: join(elsewhere, "project"),
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

describe("the installed package", () => {
  it("says its version", () => {
    expect(run("--version")).toEqual({ status: 0, stdout: `${manifest.version}\n`, stderr: "" });
  });

  it("lists its commands", () => {
    const { status, stdout } = run("--help");
    expect(status).toBe(0);
    for (const command of ["plan", "cutover", "rollback", "sandbox"])
      expect(stdout).toContain(`clustershift ${command}`);
  });

  it("refuses without a configuration, and says how to get one", () => {
    const { status, stderr } = run("status");
    expect(status).toBe(exitCodes["config-invalid"].code);
    expect(stderr).toContain("clustershift.yaml");
    expect(stderr).toContain("clustershift init");
  });

  it("can be run by its name", () => {
    const mode = statSync(join(installed, "dist/src/main.js")).mode;
    expect(mode & 0o111).not.toBe(0);
    expect(readFileSync(join(installed, "dist/src/main.js"), "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  it("has what it reads at run time", () => {
    for (const file of [
      "dist/src/sandbox/daemon/main.js",
      "dist/src/sandbox/load/worker.js",
      "dist/stacks/program.js",
      "dist/migrations/index.js",
      "examples/production/00-namespaces.yaml",
      "schema/clustershift.schema.json",
      "docs/runbook.md",
      "LICENSE",
    ]) {
      expect(existsSync(join(installed, file)), file).toBe(true);
    }
  });
});

describe("what is packed", () => {
  it("is no test, script, run or source map", () => {
    expect(files.filter((file) => /(^|\/)(test|scripts|bench|runs|\.ci)\/|\.test\.|\.map$|\.tgz$/.test(file))).toEqual(
      [],
    );
  });

  it("names no folder of the machine that built it", () => {
    const telling = [root, homedir()].filter((path) => path.length > 1);
    // Node's own resolution may put /root into a text that is about root: a path is one with something after it.
    expect(files.filter((file) => telling.some((path) => read(file).includes(`${path}/`)))).toEqual([]);
  });

  it("holds no key but the examples' own, which belong to nobody", () => {
    const secret =
      /AGE-SECRET-KEY-1[0-9A-Z]{50,}|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY-----|_authToken/;
    const found = files.filter((file) => !file.startsWith("examples/") && !file.startsWith("dist/examples/"));
    expect(found.filter((file) => secret.test(read(file)))).toEqual([]);
    expect(
      files.filter((file) => /(^|\/)(\.env.*|\.npmrc|.*\.pem|.*kubeconfig.*\.yaml|age-identity.*)$/.test(file)),
    ).toEqual([]);
  });
});

function read(file: string): string {
  return readFileSync(join(installed, file), "utf8");
}
