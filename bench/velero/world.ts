import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { CreateBucketCommand, GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import pLimit from "p-limit";
import { connect } from "../../src/kube/connect.js";
import { describeBinaryEvent } from "../../src/sandbox/binaries/progress.js";
import { listClusters } from "../../src/sandbox/clusters.js";
import { sandboxDown } from "../../src/sandbox/down.js";
import { clusterDown, greenUp } from "../../src/sandbox/green.js";
import { SandboxFolder } from "../../src/sandbox/sandbox-folder.js";
import { startVelero, type VeleroOptions, type VeleroServer } from "../../src/sandbox/velero/velero-server.js";
import { Workplace } from "../../test/harness/clustershift.js";
import { concurrency } from "../cluster.js";
import type { Sizes } from "../figure.js";
import { inNamespace, makeObjects, namespaces } from "../objects.js";
import { type Archive, readArchive } from "./archive.js";

export const blueVersion = "1.24.17";
export const greenVersion = "1.35.4";
/** As Velero's documentation has it for a move between versions of Kubernetes. */
export const features = ["EnableAPIGroupVersions"];
export const backupName = "production";

const sandbox = "bench-velero";
const bucket = "bench-velero";
const prefix = "blue";
/** Where the objects lie that make blue larger. */
const extraNamespace = "bench";

/** A green that is as fresh as every other one. */
export interface Green {
  name: string;
  kubeconfig: string;
}

/** A blue with a backup that Velero made of it, and greens to bring it to. */
export interface World {
  archive: Archive;
  /** For `--from`. */
  address: string;
  env: NodeJS.ProcessEnv;
  sandbox: string;
  /** Does `work` with a Velero beside a cluster, and ends that. */
  withVelero<T>(
    kubeconfig: string,
    options: Pick<VeleroOptions, "clientLimits">,
    work: (velero: VeleroServer) => Promise<T>,
  ): Promise<T>;
  /** Does `work` with a green as `clustershift up` makes it in the sandbox, and removes it. */
  withGreen<T>(work: (green: Green) => Promise<T>): Promise<T>;
  /** Does `work` with a green that `stand` makes itself, by this name, and removes it. */
  withOwnGreen<T>(stand: (name: string) => Promise<void>, work: (green: Green) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface WorldOptions {
  sizes: Pick<Sizes, "restore" | "bytes">;
  folder: string;
  log(line: string): void;
}

/** Stands it all up; what stands of it after a failure is taken down by `closing`, as all of it is at the end. */
export async function openWorld(
  { sizes, folder, log }: WorldOptions,
  closing: (step: () => Promise<unknown>) => void,
): Promise<World> {
  const usual = process.env.XDG_STATE_HOME;
  // For every process that is started from here: the user's own sandboxes lie elsewhere.
  process.env.XDG_STATE_HOME = join(folder, "state");
  const env = { ...process.env };
  let open = true;
  const close = async (): Promise<void> => {
    if (!open) return;
    open = false;
    await sandboxDown(env, sandbox);
    if (usual === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = usual;
  };
  closing(close);
  const place = new Workplace(join(folder, "velero-world"), env);
  await mkdir(place.dir, { recursive: true });
  log(`velero: a sandbox whose blue is Kubernetes ${blueVersion}`);
  await place.succeed("sandbox", "up", "--name", sandbox, "--blue", blueVersion);
  const sandboxFolder = new SandboxFolder(env, sandbox);
  const { ports, region } = await sandboxFolder.require();
  const store = { bucket, prefix, region, endpoint: `http://127.0.0.1:${ports.aws}` };
  const kubeconfigOf = async (name: string) =>
    (await listClusters(sandboxFolder)).find((cluster) => cluster.name === name)?.adminKubeconfig ?? "";
  const onProgress = (event: Parameters<typeof describeBinaryEvent>[0]) => log(describeBinaryEvent(event));
  let greens = 0;

  const withVelero: World["withVelero"] = async (kubeconfig, options, work) => {
    const dir = join(folder, "velero");
    const { processes } = sandboxFolder;
    const velero = await startVelero({ kubeconfig, dir, processes, store, features, env, onProgress, ...options });
    return work(velero).finally(() => velero.stop());
  };
  const withOwnGreen: World["withOwnGreen"] = async (stand, work) => {
    const name = `green-${++greens}`;
    try {
      await stand(name);
      return await work({ name, kubeconfig: await kubeconfigOf(name) });
    } finally {
      await clusterDown({ sandbox, name, env });
    }
  };
  const s3 = new S3Client({
    ...{ region, endpoint: store.endpoint, forcePathStyle: true },
    credentials: { accessKeyId: "sandbox", secretAccessKey: "sandbox" },
  });
  try {
    await s3.send(
      new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: region as never } }),
    );
    const blue = await kubeconfigOf("blue");
    await enlarge(blue, sizes);
    log("velero: a backup of blue, by Velero");
    const phase = await withVelero(blue, {}, (velero) => velero.backup(backupName));
    if (phase !== "Completed") throw new Error(`Velero's backup of blue ended ${phase}`);
    const key = `${prefix}/backups/${backupName}/${backupName}.tar.gz`;
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const archive = await readArchive((await Body?.transformToByteArray()) ?? new Uint8Array());
    const address = `velero:s3://${bucket}/${prefix}#${backupName}`;
    const stand = async (name: string): Promise<void> => {
      await greenUp({ sandbox, name, version: greenVersion, env, now: () => new Date(), onBinary: onProgress });
    };
    const withGreen: World["withGreen"] = (work) => withOwnGreen(stand, work);
    return { archive, address, env, sandbox, withVelero, withGreen, withOwnGreen, close };
  } finally {
    s3.destroy();
  }
}

/** More objects than the sample production has: what a tool's rate means shows by them. */
async function enlarge(kubeconfig: string, { restore: { objects }, bytes }: WorldOptions["sizes"]): Promise<void> {
  const api = await connect({ kubeconfig, context: "blue", env: {} });
  try {
    const limit = pLimit(concurrency);
    await api.create(namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name: extraNamespace } });
    const made = inNamespace(makeObjects(objects, bytes), extraNamespace);
    await Promise.all(made.map(({ resource, object }) => limit(() => api.create(resource, object))));
  } finally {
    await api.close();
  }
}
