import { copyFile, mkdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseAllDocuments } from "yaml";
import { UserError } from "../../model/errors.js";
import type { KubeObject } from "../../model/objects.js";
import { type EnsureOptions, ensureBinaries } from "../binaries/ensure.js";
import { runCommand } from "../binaries/run-command.js";
import { type Api, ApiFailure, adminConnection, apiOf } from "../cluster/api.js";
import { freePorts } from "../cluster/ports.js";
import { alive, startProcess, stopProcess } from "../processes/processes.js";
import { type BackupSpec, makeBackup } from "./backup.js";
import { canOwnNetwork, type OwnNetwork, openNetwork } from "./own-network.js";
import { awaitBackup, makeRestore, type Restored, type RestoreSpec, readRestored, standIn } from "./restore.js";

export interface VeleroOptions extends EnsureOptions {
  /** Of a cluster-admin. */
  kubeconfig: string;
  /** Holds its plugins and its log; made here. */
  dir: string;
  /** The folder of the process's record. */
  processes: string;
  /** Where backups go; the bucket must be there. */
  store: { bucket: string; prefix?: string; region: string; endpoint: string };
  /** `EnableAPIGroupVersions` and the like. */
  features?: readonly string[];
  /** Velero's own, 100 of both, unless given. */
  clientLimits?: ClientLimits;
  /** Snapshots of volumes in the store's region, by the EC2 at its endpoint. */
  snapshots?: boolean;
  /** Whether others ask it for restores, which it refuses where its own Deployment isn't there. */
  restores?: boolean;
}

/** Requests to an API server, a second and at once. */
export interface ClientLimits {
  qps: number;
  burst: number;
}

/** A Velero that runs beside a cluster instead of in it. */
export interface VeleroServer {
  /** Resolves to the phase in which Velero ended it: `Completed`, `PartiallyFailed`, … */
  backup(name: string, spec?: BackupSpec): Promise<string>;
  /** Resolves once the cluster knows a backup of the store. */
  awaitBackup(name: string): Promise<void>;
  /** Resolves to the phase in which Velero ended it. */
  restore(name: string, spec: RestoreSpec): Promise<string>;
  /** What it says of a restore that it ended in a phase. */
  restored(name: string, phase: string): Promise<Restored>;
  stop(): Promise<void>;
}

/** Its manager listens there on every address, and no flag says otherwise. */
const managerPort = 8080;
export const veleroNamespace = "velero";
const processName = "velero";
const patience = 120_000;

/**
 * Starts the real server with its plugin for AWS, its definitions and its storage location in the cluster, and returns once Velero
 * has found the location. The process outlives us; its record is in `processes`.
 *
 * @throws UserError `tool-missing` as ensureBinaries does; `not-ready` where the cluster takes no definition of Velero's, the port
 * is taken, Velero ends or the time is over.
 */
export async function startVelero(options: VeleroOptions): Promise<VeleroServer> {
  const { kubeconfig, dir, processes, store, features = [], clientLimits, env = process.env, signal } = options;
  const binaries = await ensureBinaries(["velero", "velero-plugin-for-aws"], options);
  const plugins = join(dir, "plugins");
  const log = join(dir, "velero.log");
  await mkdir(plugins, { recursive: true });
  // A link wouldn't count as a program.
  await copyFile(binaries["velero-plugin-for-aws"], join(plugins, "velero-plugin-for-aws"));
  const { api, close } = apiOf(kubeconfig);
  let network: OwnNetwork | undefined;
  const end = async () => {
    await stopProcess(processes, processName);
    await network?.close();
    await close();
  };
  try {
    await install(api, binaries.velero, store, env);
    if (options.snapshots) await locateSnapshots(api, store.region);
    if (options.restores) await standIn(api);
    const [metrics] = await freePorts(1);
    const args = [
      "server",
      ...["--kubeconfig", kubeconfig, "--namespace", veleroNamespace, "--plugin-dir", plugins],
      ...["--metrics-address", `127.0.0.1:${metrics}`, "--profiler-address", ""],
      ...(features.length > 0 ? ["--features", features.join(",")] : []),
      ...(clientLimits ? ["--client-qps", `${clientLimits.qps}`, "--client-burst", `${clientLimits.burst}`] : []),
    ];
    network = await ownNetwork(kubeconfig, options, env);
    if (!network) await requirePort();
    await startProcess(processes, {
      name: processName,
      ...(network?.inside(binaries.velero, args) ?? { command: binaries.velero, args }),
      env: {
        ...env,
        // Parts of a restore look for it there, and not at the flag.
        KUBECONFIG: kubeconfig,
        ...{ AWS_ACCESS_KEY_ID: "sandbox", AWS_SECRET_ACCESS_KEY: "sandbox", AWS_REGION: store.region },
        // A storage location says its own endpoint; one for snapshots can't.
        AWS_ENDPOINT_URL_EC2: store.endpoint,
      },
      cwd: dir,
      log,
    });
    await untilAvailable(api, processes, log, signal);
  } catch (error) {
    await end();
    throw error;
  }
  return {
    backup: (name, spec = {}) => makeBackup(api, name, spec, signal),
    awaitBackup: (name) => awaitBackup(api, name, signal),
    restore: (name, spec) => makeRestore(api, name, spec, signal),
    restored: (name, phase) => readRestored(api, name, phase, signal),
    async stop() {
      await end();
      await rm(plugins, { recursive: true, force: true });
    },
  };
}

/** So that the manager's port is its own; undefined where this machine has none to give. */
async function ownNetwork(
  kubeconfig: string,
  { dir, processes, store }: VeleroOptions,
  env: NodeJS.ProcessEnv,
): Promise<OwnNetwork | undefined> {
  if (!(await canOwnNetwork())) return undefined;
  const { server, agent } = adminConnection(kubeconfig);
  await agent.close();
  const ports = [server, store.endpoint].map((url) => Number(new URL(url).port));
  return openNetwork({ name: `${processName}-network`, dir, processes, ports, env });
}

async function install(api: Api, velero: string, store: VeleroOptions["store"], env: NodeJS.ProcessEnv) {
  const text = await runCommand(velero, ["install", "--crds-only", "--dry-run", "-o", "yaml"], { env });
  const documents = parseAllDocuments(text).map(
    (document) => document.toJSON() as KubeObject & { items?: KubeObject[] },
  );
  const definitions = documents.flatMap((each) => each?.items ?? (each?.kind ? [each] : []));
  const old = await lacksDefinitionsV1(api);
  for (const definition of definitions.map((each) => (old ? withoutSchema(each) : each)))
    await create(api, `/apis/${definition.apiVersion}/customresourcedefinitions`, definition);
  await create(api, "/api/v1/namespaces", {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: veleroNamespace },
  });
  const { bucket, prefix, region, endpoint } = store;
  await create(api, `/apis/velero.io/v1/namespaces/${veleroNamespace}/backupstoragelocations`, {
    apiVersion: "velero.io/v1",
    kind: "BackupStorageLocation",
    metadata: { name: "default", namespace: veleroNamespace },
    spec: {
      provider: "aws",
      default: true,
      objectStorage: { bucket, ...(prefix && { prefix }) },
      // The emulator knows no checksums at an upload's end.
      config: { region, s3ForcePathStyle: "true", s3Url: endpoint, checksumAlgorithm: "" },
    },
  });
}

async function locateSnapshots(api: Api, region: string): Promise<void> {
  await create(api, `/apis/velero.io/v1/namespaces/${veleroNamespace}/volumesnapshotlocations`, {
    apiVersion: "velero.io/v1",
    kind: "VolumeSnapshotLocation",
    metadata: { name: "default", namespace: veleroNamespace },
    spec: { provider: "aws", config: { region } },
  });
}

/** Up to 1.15 definitions have the form of v1beta1. */
async function lacksDefinitionsV1(api: Api): Promise<boolean> {
  const { versions } = (await api("GET", "/apis/apiextensions.k8s.io")) as { versions: { version: string }[] };
  return !versions.some(({ version }) => version === "v1");
}

/** In the old form a schema may have no defaults; without one every field is kept as it is written. */
function withoutSchema(definition: KubeObject): KubeObject {
  const { group, names, scope, versions } = definition.spec as {
    versions: { name: string; served: boolean; storage: boolean; subresources?: object }[];
    [field: string]: unknown;
  };
  const subresources = versions.find((version) => version.storage)?.subresources;
  return {
    apiVersion: "apiextensions.k8s.io/v1beta1",
    kind: definition.kind,
    metadata: { name: definition.metadata.name },
    spec: {
      ...{ group, names, scope },
      ...(subresources && { subresources }),
      versions: versions.map(({ name, served, storage }) => ({ name, served, storage })),
    },
  };
}

/** Also where it is there; a definition that was made a moment ago isn't served yet. */
async function create(api: Api, path: string, object: KubeObject): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await api("POST", path, object);
      return;
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      if (error.status === 409) return;
      if (object.apiVersion.startsWith("velero.io/") && error.status === 404 && attempt < 100) {
        await sleep(100);
        continue;
      }
      throw new UserError({
        code: "not-ready",
        what: `This cluster doesn't take Velero's ${object.kind} ${object.metadata.name}: ${error.message}`,
        fix: "See what this cluster's API server says of it; 1.15 to 1.35 are known to take it.",
        cause: error,
      });
    }
  }
}

async function requirePort(): Promise<void> {
  const isFree = await new Promise<boolean>((done) => {
    const server = createServer();
    server.once("error", () => done(false));
    server.listen(managerPort, () => server.close(() => done(true)));
  });
  if (isFree) return;
  throw new UserError({
    code: "not-ready",
    what: `Port ${managerPort} is taken, and Velero's server listens there and nowhere else.`,
    fix: `End what listens there (ss -ltnp 'sport = :${managerPort}'). Where networks can be made (on Linux, by root or any user that may) each Velero has its own.`,
  });
}

async function untilAvailable(
  api: Api,
  processes: string,
  log: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const path = `/apis/velero.io/v1/namespaces/${veleroNamespace}/backupstoragelocations/default`;
  const deadline = performance.now() + patience;
  for (;;) {
    signal?.throwIfAborted();
    const { status } = (await api("GET", path)) as { status?: { phase?: string; message?: string } };
    if (status?.phase === "Available") return;
    const ended = !(await alive(processes, processName));
    if (!ended && performance.now() < deadline) {
      await sleep(200);
      continue;
    }
    const last = (await readFile(log, "utf8").catch(() => "")).trim().split("\n").slice(-5).join("\n");
    throw new UserError({
      code: "not-ready",
      what: `Velero ${ended ? "ended" : `doesn't find its storage: ${status?.message ?? "it says nothing"}`}. Its log ends:\n${last}`,
      fix: `See ${log}.`,
    });
  }
}
