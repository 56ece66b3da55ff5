import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, vi } from "vitest";
import { openBucket } from "../../../src/aws/s3.js";
import type { KubeWriter } from "../../../src/kube/api.js";
import { connect } from "../../../src/kube/connect.js";
import { listAll } from "../../../src/kube/list-all.js";
import { textAt } from "../../../src/model/json.js";
import { type ApiResource, apiVersionOf, type KubeObject } from "../../../src/model/objects.js";
import type { AwsFront } from "../../../src/sandbox/aws/front.js";
import { ensureBinaries } from "../../../src/sandbox/binaries/ensure.js";
import { type ControlPlane, startControlPlane, stopControlPlane } from "../../../src/sandbox/cluster/control-plane.js";
import { startVelero, type VeleroServer } from "../../../src/sandbox/velero/velero-server.js";
import { claimsOfBackup } from "../../../src/velero/claim-data.js";
import { defaultLimits } from "../../../src/velero/limits.js";
import { podsOfBackup } from "../../../src/velero/pod-data.js";
import { readBackup } from "../../../src/velero/read-backup.js";
import { filesInStore, restoreRemarks } from "../../../src/velero/store.js";
import type { VeleroEdges, VeleroTerms } from "../../../src/volumes/velero/edges.js";
import { openTestAws } from "../../aws/moto.js";
import { cloudAt, quickClock, region } from "../../proofs/volumes/world.js";

export const bucket = "acme-velero";

/** A blue of 1.24.17, a green of 1.35.4, and a store for the real Velero of both. */
export interface VeleroWorld {
  dir: string;
  blue: ControlPlane;
  green: ControlPlane;
  onBlue: KubeWriter;
  onGreen: KubeWriter;
  clusterId: string;
  /** Until it's stopped, or this is closed. `restores`: whether others ask it for restores. */
  veleroAt(cluster: ControlPlane, name: string, restores: boolean): Promise<VeleroServer>;
  /** What restores of this backup work with. */
  edgesOf(backup: string, journal: VeleroEdges["journal"]): VeleroEdges;
  terms(parts: Pick<VeleroTerms, "run" | "zones">): VeleroTerms;
  close(): Promise<void>;
}

/** An emulator and Velero, where these tests are asked for; they need minutes. */
export async function openAskedAws() {
  if (process.env.CLUSTERSHIFT_TEST_VELERO !== "1")
    return { missing: "it takes minutes; npm run proof -- velero-driven runs it" };
  await ensureBinaries(["velero", "velero-plugin-for-aws"], {});
  return openTestAws();
}

export async function openVeleroWorld({ endpoint, internalEndpoint }: AwsFront): Promise<VeleroWorld> {
  const dir = await mkdtemp(join(tmpdir(), "clustershift-velero-world-"));
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const s3 = new S3Client({ region, endpoint: internalEndpoint, credentials, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: region } }));
  s3.destroy();
  const options = { kwok: true, fsync: false } as const;
  const blue = await startControlPlane({ name: "blue", dir: join(dir, "blue"), version: "1.24.17", ...options });
  const green = await startControlPlane({ name: "green", dir: join(dir, "green"), version: "1.35.4", ...options });
  const open = ({ kubeconfigPath }: ControlPlane, context: string) =>
    connect({ kubeconfig: kubeconfigPath, context, env: {} });
  const [onBlue, onGreen] = [await open(blue, "blue"), await open(green, "green")];
  const { clusterId } = await onGreen.info();
  const store = { bucket, prefix: "blue", region, endpoint: internalEndpoint };
  const opened = openBucket(bucket, { region, endpoint }, { clock: quickClock, random: Math.random });
  const cloud = cloudAt(endpoint);
  const { signal } = new AbortController();
  const running = new Set<VeleroServer>();
  const location = { bucket: opened, prefix: "blue" };
  return {
    ...{ dir, blue, green, onBlue, onGreen, clusterId },
    async veleroAt(cluster, name, restores) {
      const server = await startVelero({
        ...{ kubeconfig: cluster.kubeconfigPath, dir: join(dir, name), processes: join(dir, name, "processes") },
        ...{ store, snapshots: true, restores },
      });
      running.add(server);
      return {
        ...server,
        async stop() {
          running.delete(server);
          await server.stop();
        },
      };
    },
    edgesOf: (name, journal) => ({
      ...{ green: onGreen, cloud, journal, clock: quickClock, signal },
      remarks: (restore) => restoreRemarks(location, restore, signal),
      async backup() {
        const files = await filesInStore(location, name, signal);
        const backup = await readBackup(files);
        try {
          const claims = await claimsOfBackup(backup, files, defaultLimits);
          return { name, claims, pods: await podsOfBackup(backup, files, defaultLimits) };
        } finally {
          await backup.close();
        }
      },
    }),
    terms: (parts) => ({ clusterId, namespace: "velero", timeoutMs: 60_000, ...parts }),
    async close() {
      cloud.close();
      opened.close();
      try {
        for (const server of running) await server.stop();
        await onGreen.close();
        await onBlue.close();
      } finally {
        for (const name of ["blue", "green"]) await stopControlPlane(join(dir, name));
        await rm(dir, { recursive: true, force: true });
      }
    },
  };
}

export async function resourceOf(kube: KubeWriter, { apiVersion, kind }: KubeObject): Promise<ApiResource> {
  const { resources } = await kube.discover();
  const found = resources.find((each) => apiVersionOf(each.group, each.version) === apiVersion && each.kind === kind);
  if (!found) throw new Error(`${kube.name} doesn't serve ${apiVersion} ${kind}`);
  return found;
}

export async function listOf(
  kube: KubeWriter,
  apiVersion: string,
  kind: string,
  namespace?: string,
): Promise<KubeObject[]> {
  const resource = await resourceOf(kube, { apiVersion, kind, metadata: { name: "" } });
  return listAll(kube, resource, namespace === undefined ? {} : { namespace });
}

/** Until each of its claims is bound: of another, Velero backs up no volume. */
export async function untilBound(kube: KubeWriter): Promise<void> {
  const unbound = async () =>
    (await listOf(kube, "v1", "PersistentVolumeClaim")).filter((each) => textAt(each, "status", "phase") !== "Bound");
  await vi.waitFor(async () => expect(await unbound()).toEqual([]), { timeout: 60_000, interval: 200 });
}

export async function write(kube: KubeWriter, ...objects: KubeObject[]): Promise<void> {
  for (const object of objects)
    await kube.apply(await resourceOf(kube, object), object, { fieldManager: "kubectl", force: true });
}
