// Readies a checkout: `npm ci`, where node_modules doesn't fit package-lock.json. Quiet and quick where it does.
// Plain Node without dependencies, since it runs before there are any.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = resolve(fileURLToPath(import.meta.url), "../..");
const marker = join(root, "node_modules", ".clustershift-setup");

requireNode();
const wanted = hash(readFileSync(join(root, "package-lock.json")), process.platform, process.arch);
if (read(marker) !== wanted) await underLock(install);

/** The floor is written once, in package.json. */
function requireNode() {
  const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const floor = engines.node.replace(">=", "").split(".").map(Number);
  const here = process.versions.node.split(".").map(Number);
  const gap = floor.map((part, i) => here[i] - part).find((difference) => difference !== 0) ?? 0;
  if (gap < 0) fail(`clustershift needs Node ${engines.node}, and this is ${process.versions.node}.`);
}

function install() {
  // Another setup may have been faster while this one waited; and what `npm install` made may fit already.
  if (read(marker) === wanted) return;
  if (!fits()) {
    process.stderr.write("setup: installing node_modules (npm ci)\n");
    // npm's words go to stderr: stdout belongs to what is run after the setup.
    const { status, error } = spawnSync("npm", ["ci", "--loglevel", "warn"], {
      cwd: root,
      stdio: ["ignore", 2, 2],
      shell: process.platform === "win32",
    });
    if (status !== 0)
      fail(`npm ci failed${error ? `: ${error.message}` : ""}; mend what it says above, then run the same again.`);
  }
  writeFileSync(marker, wanted);
}

/** Whether npm's own record of what it installed holds just what package-lock.json asks for. */
function fits() {
  const installed = packagesOf(join(root, "node_modules", ".package-lock.json"));
  const locked = packagesOf(join(root, "package-lock.json"));
  if (!installed || !locked) return false;
  const strangers = Object.keys(installed).filter((path) => installed[path].integrity !== locked[path]?.integrity);
  // Optional packages are left out where they are for another platform.
  const missing = Object.keys(locked).filter((path) => path !== "" && !locked[path].optional && !installed[path]);
  return strangers.length === 0 && missing.length === 0;
}

function packagesOf(file) {
  const text = read(file);
  return text === undefined ? undefined : JSON.parse(text).packages;
}

/** One setup of a checkout at a time. The lock lies outside of node_modules, which npm ci removes. */
async function underLock(work) {
  const lock = join(tmpdir(), `clustershift-setup-${userInfo().username}-${hash(root).slice(0, 16)}`);
  for (let told = false; !take(lock); ) {
    if (clearDead(lock)) continue;
    if (!told) process.stderr.write(`setup: waiting for another setup of this checkout (${lock})\n`);
    told = true;
    await sleep(200);
  }
  try {
    work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** A folder that has its owner in it comes into being at once, and can't be renamed over one that is there. */
function take(lock) {
  const draft = `${lock}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  writeFileSync(join(draft, "pid"), String(process.pid));
  try {
    renameSync(draft, lock);
    return true;
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (error.code === "ENOTEMPTY" || error.code === "EEXIST" || error.code === "EPERM") return false;
    throw error;
  }
}

/** Takes the lock of a process that was killed out of the way. Only one of several that find it can rename it. */
function clearDead(lock) {
  if (lives(ownerOf(lock))) return false;
  const aside = `${lock}.${process.pid}.dead`;
  try {
    renameSync(lock, aside);
  } catch {
    return true;
  }
  // Somebody may have taken it between the look and the rename: then it is theirs.
  if (lives(ownerOf(aside))) renameSync(aside, lock);
  else rmSync(aside, { recursive: true, force: true });
  return true;
}

function ownerOf(lock) {
  return Number(read(join(lock, "pid")) ?? 0);
}

function lives(pid) {
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function hash(...parts) {
  const sum = createHash("sha256");
  for (const part of parts) sum.update(part).update("\0");
  return sum.digest("hex");
}

function fail(message) {
  process.stderr.write(`setup: ${message}\n`);
  process.exit(1);
}
