import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { areStored, type EnsureOptions, ensureBinaries } from "../../src/sandbox/binaries/ensure.js";
import { ensureMoto } from "../../src/sandbox/binaries/moto.js";
import { describeBinaryEvent } from "../../src/sandbox/binaries/progress.js";
import { ensurePulumi } from "../../src/sandbox/binaries/pulumi.js";
import { controlPlaneBinaries, type KubernetesVersion } from "../../src/sandbox/binaries/versions.js";
import { startControlPlane } from "../../src/sandbox/cluster/control-plane.js";
import { needsOf, type Offer, variableOf } from "./needs.js";

const blueVersion = "1.24.17";
const oldBlueVersion = "1.15.12";
const greenVersion = "1.35.4";

/**
 * Once for the whole run: a state folder of the tests' own, the programs that tests start, and the servers that the selected
 * tests ask for. CLUSTERSHIFT_TEST_NO_SERVERS=1 leaves it all out, and what needs it is skipped. A variable that is
 * set already names somebody's own server, which is used and left alone.
 *
 * The oldest blue is built by nobody who didn't ask: it is offered where its programs are in the cache, and
 * CLUSTERSHIFT_TEST_OLD_BLUE=1 puts them there.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "clustershift-tests-"));
  // The AWS SDK's notice about Node 20, as in the command itself.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  // A test never sees the user's own sandboxes, nor leaves one among them.
  process.env.XDG_STATE_HOME = join(folder, "state");
  const dismiss = hireCaretaker(folder);
  try {
    if (process.env.CLUSTERSHIFT_TEST_NO_SERVERS !== "1") await prepare(folder, await selectedFiles(project));
  } catch (error) {
    await dismiss();
    throw error;
  }
  return dismiss;
}

/** Someone who cleans up when we are done, and when we are gone. */
function hireCaretaker(folder: string): () => Promise<void> {
  const program = fileURLToPath(new URL("./caretaker.ts", import.meta.url));
  const caretaker = spawn(process.execPath, ["--import", "tsx", program, folder], {
    // Ctrl-C goes to a whole process group.
    detached: true,
    stdio: ["pipe", "inherit", "inherit"],
  });
  const ended = once(caretaker, "exit");
  return async () => {
    caretaker.stdin.end();
    await ended;
  };
}

/** The files that this run is about: those that match the filters of its command line, of every project. */
async function selectedFiles({ vitest }: TestProject): Promise<string[]> {
  const { filenamePattern } = vitest as unknown as { filenamePattern?: string[] };
  const found = await Promise.all(vitest.projects.map((project) => project.globTestFiles(filenamePattern)));
  return found.flatMap(({ testFiles }) => testFiles);
}

async function prepare(folder: string, files: readonly string[]): Promise<void> {
  const needs = new Set(needsOf(files).filter((offer) => process.env[variableOf(offer)] === undefined));
  const onProgress = (event: Parameters<typeof describeBinaryEvent>[0]) =>
    process.stderr.write(`tests: ${describeBinaryEvent(event)}\n`);
  const options = { onProgress };
  if (files.some((file) => /\/test\/(aws|kube|migrations|replay|sandbox|scenarios|stacks|traffic)\//.test(file))) {
    // Before any test's own time runs: a first build takes minutes.
    await ensureBinaries([...controlPlaneBinaries(blueVersion), ...controlPlaneBinaries(greenVersion)], options);
    await ensureMoto(options);
  }
  const offer = async (name: Offer, make: () => Promise<string>) => {
    if (needs.has(name)) process.env[variableOf(name)] = await make();
  };
  const kubeconfigOf = async (name: string, version: KubernetesVersion) => {
    process.stderr.write(`tests: starting a control plane of Kubernetes ${version}\n`);
    const dir = join(folder, "control-planes", name);
    return (await startControlPlane({ name, dir, version, kwok: true, fsync: false, ...options })).kubeconfigPath;
  };
  const oldBlue = needs.has("OLD_BLUE_KUBECONFIG") && (await hasOldBlue(options));
  await Promise.all([
    offer("BLUE_KUBECONFIG", () => kubeconfigOf("blue", blueVersion)),
    offer("GREEN_KUBECONFIG", () => kubeconfigOf("green", greenVersion)),
    oldBlue && offer("OLD_BLUE_KUBECONFIG", () => kubeconfigOf("old-blue", oldBlueVersion)),
    offer("PULUMI", () => ensurePulumi(join(folder, "pulumi"), options)),
  ]);
}

async function hasOldBlue(options: EnsureOptions): Promise<boolean> {
  const binaries = controlPlaneBinaries(oldBlueVersion);
  if (process.env.CLUSTERSHIFT_TEST_OLD_BLUE === "1") await ensureBinaries(binaries, options);
  return areStored(binaries);
}
