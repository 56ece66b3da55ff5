import { chmod, mkdir, open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import { UserError } from "../../model/errors.js";
import { type EnsureOptions, ensureBinaries } from "../binaries/ensure.js";
import { controlPlaneBinaries, type KubernetesVersion } from "../binaries/versions.js";
import { launchScript, quote } from "../processes/launch-script.js";
import { listProcesses, startProcess, stopAll, stopProcess } from "../processes/processes.js";
import { apiOf } from "./api.js";
import { heedsLeases } from "./kwok-order.js";
import {
  type Component,
  components,
  type ExtraArguments,
  kwokctlConfig,
  metadataAuditPolicy,
} from "./kwokctl-config.js";
import { type ControlPlanePorts, chooseControlPlanePorts } from "./ports.js";

export interface ControlPlaneOptions extends EnsureOptions {
  /** The cluster's and the context's name: `blue`. */
  name: string;
  /** Holds all there is of this control plane; made here, and removed by stopControlPlane. */
  dir: string;
  version: KubernetesVersion;
  ports?: Partial<ControlPlanePorts>;
  /** An audit policy; every request's metadata unless given. `false` writes no audit log. */
  auditPolicy?: object | false;
  /** Whether nodes made by addNodes come alive. */
  kwok: boolean;
  /** Whether nodes will be broken: it's seen to that kwok leaves those alone. */
  breakable?: boolean;
  /** Whether etcd waits for the disk: yes unless told otherwise. */
  fsync?: boolean;
  extra?: ExtraArguments;
}

export interface ControlPlane {
  /** With a cluster-admin's client certificate inside; its one context has the cluster's name. */
  kubeconfigPath: string;
  /** `https://127.0.0.1:PORT`. */
  server: string;
  version: KubernetesVersion;
  /** JSON lines, in the order in which requests ended. */
  auditLog?: string;
  ports: ControlPlanePorts;
}

/** Time for a cold start on a busy machine; 3 to 5 s are usual. */
const patience = 180_000;

/**
 * Starts etcd, API server, controller manager, scheduler and (if asked) kwok as plain processes on loopback, and returns once the
 * API server is ready and the controllers work.
 *
 * kwokctl makes the certificates and the command lines. Each program is handed to it as a script that records itself among our
 * processes before it becomes the program (see launchScript): so stopControlPlane finds all of them, whatever state kwokctl
 * or we were in when killed.
 *
 * @throws UserError `tool-missing` as ensureBinaries does; `not-ready` where a program ends or the time is over, with the
 * last lines of its log.
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(options);
    } catch (error) {
      const isPassing = error instanceof HeedsNoLeases || (error instanceof UserError && passing.test(error.message));
      if (!isPassing || attempt >= mostStarts) throw error;
      await stopControlPlane(options.dir);
    }
  }
}

/**
 * Somebody may take a port between our choice and its use: with others it goes better. The controller manager gives the API server ten
 * seconds, ends, and counts on being started again: on a machine that has much else to do they are too few.
 */
const passing = /address already in use|failed to wait for apiserver being healthy/;
/** One kwok in eight heeds no leases, by chance. */
const mostStarts = 5;

class HeedsNoLeases extends Error {
  override readonly message = "kwok plays the Pods of all nodes, also of those that are to be broken";
}

async function startOnce(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { name, version, kwok, fsync = true, extra = {}, auditPolicy = metadataAuditPolicy, signal } = options;
  const paths = pathsOf(options.dir, name);
  const binaries = await ensureBinaries(controlPlaneBinaries(version), options);
  await mkdir(paths.bin, { recursive: true });
  const real: Record<Component, string> = {
    etcd: binaries.etcd,
    "kube-apiserver": binaries[`kube-apiserver@${version}`],
    "kube-controller-manager": binaries[`kube-controller-manager@${version}`],
    "kube-scheduler": binaries[`kube-scheduler@${version}`],
    "kwok-controller": binaries.kwok,
  };
  const programs = { ...real };
  for (const component of components) {
    programs[component] = join(paths.bin, component);
    await writeScript(programs[component], recordingScript(paths.processes, component, real[component]));
  }
  // kwokctl asks kubectl whether the cluster answers, and downloads one where there's none. We ask ourselves, below.
  await writeScript(join(paths.bin, "kubectl"), "exit 0\n");
  if (auditPolicy) await writeFile(paths.auditPolicy, JSON.stringify(auditPolicy));
  const ports = await chooseControlPlanePorts(options.ports);
  const audit = auditPolicy ? { auditPolicyFile: paths.auditPolicy } : {};
  const config = kwokctlConfig({ version, ports, programs, kwok, fsync, extra, ...audit });
  await writeFile(paths.kwokctlConfig, JSON.stringify(config, null, 2));

  await startProcess(paths.processes, {
    name: "kwokctl",
    command: binaries.kwokctl,
    args: [
      "create",
      "cluster",
      "--name",
      name,
      "--config",
      paths.kwokctlConfig,
      "--kubeconfig",
      paths.kwokctlKubeconfig,
    ],
    env: kwokctlEnvironment(options.env ?? process.env, paths),
    log: paths.kwokctlLog,
  });
  const expected = components.filter((component) => kwok || component !== "kwok-controller");
  await waitFor(paths, expected, signal, async () => (await listProcesses(paths.processes)).length > expected.length);
  const server = `https://127.0.0.1:${ports.apiServer}`;
  await writeKubeconfig(paths, name, server);
  const { api, close } = apiOf(paths.kubeconfig);
  try {
    await waitFor(paths, expected, signal, async () => {
      // 1.15 has no /readyz yet. The account is the controller manager's work: with it, the controllers are up.
      await api("GET", "/healthz");
      await api("GET", "/api/v1/namespaces/default/serviceaccounts/default");
      await api("GET", "/api/v1/namespaces/kube-node-lease");
      return true;
    });
    if (options.breakable && !(await heedsLeases(api))) throw new HeedsNoLeases();
  } finally {
    await close();
  }
  return {
    kubeconfigPath: paths.kubeconfig,
    server,
    version,
    ports,
    ...(auditPolicy ? { auditLog: paths.auditLog } : {}),
  };
}

/**
 * Stops every process of the control plane and removes its folder; also after any crash, and where there's none. Nothing is
 * kept, so nobody is given time to save it.
 */
export async function stopControlPlane(dir: string): Promise<void> {
  await stopAll(join(dir, "processes"), { grace: 0 });
  await rm(dir, { recursive: true, force: true });
}

/** Stops programs of a control plane, which goes on without them. */
export async function stopComponents(dir: string, names: readonly Component[]): Promise<void> {
  await Promise.all(names.map((name) => stopProcess(join(dir, "processes"), name, { grace: 0 })));
}

/** Ends a control plane so that it never starts again: etcd finds no database in its data. Its folder stays. */
export async function ruinControlPlane(dir: string, name: string): Promise<void> {
  await stopComponents(dir, components);
  const database = await open(pathsOf(dir, name).etcdDatabase, "r+");
  try {
    // The first pages say what the file is; there are two of them that count.
    await database.write(Buffer.alloc(64 * 1024, 0xff), 0, 64 * 1024, 0);
  } finally {
    await database.close();
  }
}

type Paths = ReturnType<typeof pathsOf>;

function pathsOf(dir: string, name: string) {
  const work = join(dir, "kwokctl");
  const cluster = join(work, "clusters", name);
  return {
    bin: join(dir, "bin"),
    processes: join(dir, "processes"),
    kubeconfig: join(dir, "kubeconfig.yaml"),
    auditPolicy: join(dir, "audit-policy.yaml"),
    kwokctlConfig: join(dir, "kwokctl.yaml"),
    kwokctlKubeconfig: join(dir, "kwokctl-kubeconfig.yaml"),
    kwokctlLog: join(dir, "kwokctl.log"),
    work,
    etcdDatabase: join(cluster, "etcd", "member", "snap", "db"),
    auditLog: join(cluster, "logs", "audit.log"),
    log: (component: string) => join(cluster, "logs", `${component}.log`),
    pki: (file: string) => join(cluster, "pki", file),
  };
}

/** Asking a program for its version is no start of it. */
function recordingScript(processes: string, name: Component, command: string): string {
  const version = `if [ "$1" = --version ]; then exec ${quote(command)} --version; fi\n`;
  return version + launchScript({ dir: processes, name, command, args: [], at: new Date() });
}

async function writeScript(path: string, script: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${script}`);
  await chmod(path, 0o755);
}

/** None of the user's own settings for kwok, and its folder inside ours. */
function kwokctlEnvironment(env: NodeJS.ProcessEnv, paths: Paths): NodeJS.ProcessEnv {
  const rest = Object.entries(env).filter(([key]) => !key.startsWith("KWOK_"));
  return { ...Object.fromEntries(rest), PATH: `${paths.bin}:${env.PATH ?? ""}`, KWOK_WORKDIR: paths.work };
}

/** With the certificates inside, so the file can be copied and read by anything. */
async function writeKubeconfig(paths: Paths, name: string, server: string): Promise<void> {
  const [ca, cert, key] = await Promise.all(
    ["ca.crt", "admin.crt", "admin.key"].map(async (file) => (await readFile(paths.pki(file))).toString("base64")),
  );
  const user = `${name}-admin`;
  const kubeconfig = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, "certificate-authority-data": ca } }],
    users: [{ name: user, user: { "client-certificate-data": cert, "client-key-data": key } }],
    contexts: [{ name, context: { cluster: name, user } }],
    "current-context": name,
  };
  await writeFile(paths.kubeconfig, stringify(kubeconfig), { mode: 0o600 });
}

/** Asks until it's true, and gives up as soon as that can't come any more. A throw counts as not yet. */
async function waitFor(
  paths: Paths,
  expected: readonly Component[],
  signal: AbortSignal | undefined,
  done: () => Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + patience;
  let missingSince: number | undefined;
  for (;;) {
    let last: unknown;
    if (
      await done().catch((thrown) => {
        last = thrown;
        return false;
      })
    )
      return;
    const processes = await listProcesses(paths.processes);
    const dead = processes.find(({ name, running }) => !running && name !== "kwokctl");
    if (dead) throw await notReady(`${dead.name} ended`, paths.log(dead.name));
    const kwokctl = processes.find(({ name }) => name === "kwokctl");
    if (!kwokctl?.running && processes.length <= expected.length) {
      // The last program may not have recorded itself yet.
      missingSince ??= performance.now();
      if (performance.now() - missingSince > 5_000) throw await notReady("kwokctl ended early", paths.kwokctlLog);
    }
    if (performance.now() > deadline) {
      throw await notReady(
        `it didn't get ready in ${patience / 1000} s (${String(last)})`,
        paths.log("kube-apiserver"),
      );
    }
    await sleep(100, undefined, { signal });
  }
}

async function notReady(what: string, log: string): Promise<UserError> {
  const text = await stat(log).then(
    () => readFile(log, "utf8"),
    () => "",
  );
  const tail = text.trim().split("\n").slice(-5).join("\n");
  return new UserError({
    code: "not-ready",
    what: `The control plane can't be started: ${what}.\n${tail}`,
    fix: `Read ${log}. Where an address is in use, run the command again: other ports will be chosen.`,
  });
}
