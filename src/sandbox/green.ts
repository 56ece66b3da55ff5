import { readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "../kube/connect.js";
import { bluePermissions, greenPermissions } from "../kube/permissions.js";
import { emulatorClients } from "./aws/clients.js";
import { type Instance, launchGroup, terminate } from "./aws/instances.js";
import { withLock } from "./binaries/lock.js";
import type { OnBinaryEvent } from "./binaries/progress.js";
import type { KubernetesVersion } from "./binaries/versions.js";
import type { Fault } from "./choices.js";
import { apiOf } from "./cluster/api.js";
import { startControlPlane, stopControlPlane } from "./cluster/control-plane.js";
import { addNodes, mend } from "./cluster/node-life.js";
import { listClusters, registerCluster, requireCluster, unregisterCluster } from "./clusters.js";
import { addContexts, removeContexts } from "./contexts.js";
import { greenAddons } from "./green-addons.js";
import { createIdentity } from "./identity.js";
import { type Colour, freePlace, withPublicIps } from "./places.js";
import { SandboxFolder, type SandboxRecord } from "./sandbox-folder.js";
import { availabilityZones, groups, nodeGroups } from "./topology.js";
import { waitForEdge } from "./up.js";
import { applyWorkload } from "./workload.js";

/** Groups of green on which the planted fault `pod-network` keeps pods from starting, as calico did in the incident. */
const faultyGroups = ["nodes"];

export interface GreenOptions {
  sandbox: string;
  /** Green's name, and its stack's. */
  name: string;
  version: KubernetesVersion;
  fault?: Fault;
  env: NodeJS.ProcessEnv;
  now: () => Date;
  onBinary: OnBinaryEvent;
}

/** What a cluster stack's outputs need of the local green. Shape: ClusterOutputs of stacks/outputs.ts. */
export interface GreenOutputs {
  kubeconfig: string;
  context: string;
  version: string;
  groups: { name: string; zones: string[] }[];
  addresses: Record<string, string>;
}

/** Stands up a green beside blue: instances, control plane, nodes, add-ons, identity, edge. Begun but not ended, it begins anew. */
export async function greenUp(options: GreenOptions): Promise<GreenOutputs> {
  const folder = new SandboxFolder(options.env, options.sandbox);
  const record = await folder.require();
  // An engine that was killed leaves its command running, and the next one starts it once more.
  return withLock(folder.path("locks", options.name), () => standUp(folder, record, options));
}

type StartedRecord = Awaited<ReturnType<SandboxFolder["require"]>>;

async function standUp(folder: SandboxFolder, record: StartedRecord, options: GreenOptions): Promise<GreenOutputs> {
  const { name, version, fault, env, now } = options;
  await removeCluster(folder, name);
  const place = freePlace(record, await listClusters(folder));
  const instances = withPublicIps(await launch(folder, record, { name, colour: place.colour }), place);
  const plane = await startControlPlane({
    name,
    dir: folder.controlPlane(name),
    version,
    kwok: true,
    breakable: fault !== undefined,
    fsync: false,
    onProgress: options.onBinary,
    env,
  });
  const { api, close } = apiOf(plane.kubeconfigPath);
  await addNodes(api, nodeGroups(instances, fault === "pod-network" ? faultyGroups : []), version).finally(close);
  const kube = await connect({ kubeconfig: plane.kubeconfigPath, context: name, env });
  try {
    await applyWorkload(kube, greenAddons(), now());
    const identity = { kube, adminKubeconfig: plane.kubeconfigPath, context: name, now: now() };
    const kubeconfig = await createIdentity({ ...identity, permissions: greenPermissions() });
    // Green is the next migration's blue, and is read then by an identity of its own.
    const reader = await createIdentity({ ...identity, permissions: bluePermissions() });
    await addContexts(folder, { name, reader, adminKubeconfig: plane.kubeconfigPath });
    await registerCluster(folder, {
      name,
      version,
      since: now().toISOString(),
      ...place,
      adminKubeconfig: plane.kubeconfigPath,
      ...(plane.auditLog && { auditLog: plane.auditLog }),
      instanceIds: instances.map(({ id }) => id),
      publicIps: Object.fromEntries(instances.map(({ id, publicIp }) => [publicIp, id])),
    });
    await waitForEdge(folder, name);
    return {
      kubeconfig,
      context: name,
      version: `v${version}`,
      groups: groups.map((group) => ({ name: group.name, zones: [...availabilityZones] })),
      addresses: { ingress: place.address },
    };
  } finally {
    await kube.close();
  }
}

/** Instances are launched first and recorded at once, so that whatever happens next, clusterDown knows them. */
async function launch(
  folder: SandboxFolder,
  record: StartedRecord,
  { name, colour }: { name: string; colour: Colour },
): Promise<Instance[]> {
  const { ec2 } = emulatorClients(`http://127.0.0.1:${record.ports.moto}`, record.region);
  const instances: Instance[] = [];
  for (const { name: group, count } of groups) {
    const cluster = `${name}.${record.zone.replace(/\.$/, "")}`;
    instances.push(...(await launchGroup(ec2, { cluster, colour, group, count, subnets: record.aws.subnets })));
    await writeFile(folder.path(`instances-${name}.json`), JSON.stringify(instances.map(({ id }) => id)));
  }
  return instances;
}

/** Removes a cluster: its edge, its control plane, its instances, its contexts. Nothing happens where there is none. */
export async function clusterDown({
  sandbox,
  name,
  env,
}: Pick<GreenOptions, "sandbox" | "name" | "env">): Promise<void> {
  await removeCluster(new SandboxFolder(env, sandbox), name);
}

async function removeCluster(folder: SandboxFolder, name: string): Promise<void> {
  // First of all: a name that leads elsewhere removes nothing.
  const dir = folder.controlPlane(name);
  const record: SandboxRecord | undefined = await folder.read();
  if (!record) return;
  const known = (await listClusters(folder)).find((cluster) => cluster.name === name);
  const launched = await readFile(folder.path(`instances-${name}.json`), "utf8").catch(() => "[]");
  const ids = [...new Set([...(known?.instanceIds ?? []), ...(JSON.parse(launched) as string[])])];
  await unregisterCluster(folder, name);
  await removeContexts(folder, name);
  await stopControlPlane(dir);
  if (ids.length > 0) await terminate(emulatorClients(`http://127.0.0.1:${record.ports.moto}`, record.region).ec2, ids);
  await rm(folder.path(`instances-${name}.json`), { force: true });
}

/** Ends the planted fault: the nodes' pod network starts, and with it the pods that waited. Returns the nodes' names. */
export async function mendGreen({
  sandbox,
  name,
  env,
}: Pick<GreenOptions, "sandbox" | "name" | "env">): Promise<string[]> {
  const folder = new SandboxFolder(env, sandbox);
  const cluster = await requireCluster(folder, sandbox, name);
  const { api, close } = apiOf(cluster.adminKubeconfig);
  return mend(api).finally(close);
}
