// Compiles what is shipped to dist/. Whoever reads dist/ meanwhile sees the former build or this one, never half of one.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(fileURLToPath(import.meta.url), "../..");
const workshop = join(root, "node_modules", ".cache", "clustershift-build");
const fresh = join(workshop, `${process.pid}`);
const former = join(workshop, `${process.pid}-former`);
const dist = join(root, "dist");

sweep();
try {
  compile();
  chmodSync(join(fresh, "src", "main.js"), 0o755);
  ignoreMissing(() => renameSync(dist, former));
  renameSync(fresh, dist);
} finally {
  rmSync(fresh, { recursive: true, force: true });
  rmSync(former, { recursive: true, force: true });
}

function compile() {
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  const args = [tsc, "-p", join(root, "tsconfig.build.json"), "--outDir", fresh];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  if (status === 0) return;
  rmSync(fresh, { recursive: true, force: true });
  process.stderr.write("build: the compiler found errors; dist/ is as it was.\n");
  process.exit(1);
}

/** Leftovers of builds that were killed. */
function sweep() {
  mkdirSync(workshop, { recursive: true });
  for (const name of readdirSync(workshop)) {
    if (!lives(Number.parseInt(name, 10))) rmSync(join(workshop, name), { recursive: true, force: true });
  }
}

function lives(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function ignoreMissing(work) {
  try {
    work();
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
}
