import { mkdir, readFile } from "node:fs/promises";
import type { KubeWriter } from "../kube/api.js";
import { connect } from "../kube/connect.js";
import { bluePermissions } from "../kube/permissions.js";
import { UserError } from "../model/errors.js";
import type { KubeObject } from "../model/objects.js";
import { emulatorClients } from "./aws/clients.js";
import { motoCommand, motoReady } from "./aws/moto.js";
import { seedProduction } from "./aws/seed.js";
import { ensureBinaries } from "./binaries/ensure.js";
import { ensureMoto } from "./binaries/moto.js";
import type { OnBinaryEvent } from "./binaries/progress.js";
import { controlPlaneBinaries, type KubernetesVersion } from "./binaries/versions.js";
import { apiOf } from "./cluster/api.js";
import { startControlPlane } from "./cluster/control-plane.js";
import { addNodes } from "./cluster/node-life.js";
import { freePorts } from "./cluster/ports.js";
import { registerCluster } from "./clusters.js";
import { addContexts } from "./contexts.js";
import type { DaemonState } from "./daemon/daemon.js";
import { createIdentity } from "./identity.js";
import { startProcess } from "./processes/processes.js";
import { SandboxFolder, type SandboxRecord } from "./sandbox-folder.js";
import { nodeCommand } from "./self.js";
import { addressGroup, availabilityZones, groups, hosts, nodeGroups, recordTtl, region, zone } from "./topology.js";
import { waitUntil } from "./wait.js";
import { applyWorkload } from "./workload.js";

export interface SandboxOptions {
  name: string;
  blueVersion: KubernetesVersion;
  /** What runs in blue. */
  workload: readonly KubeObject[];
  env: NodeJS.ProcessEnv;
  now: () => Date;
  random: () => number;
  signal?: AbortSignal;
  onStage(stage: string): void;
  onBinary: OnBinaryEvent;
}

/** Stands up blue and the world around it. Green comes later, by `greenUp`, as a stack's resource. */
export async function sandboxUp(options: SandboxOptions): Promise<SandboxRecord> {
  const { name, blueVersion, workload, env, now, signal, onStage } = options;
  const folder = new SandboxFolder(env, name);
  await refuseExisting(folder);
  const ensure = { onProgress: options.onBinary, env, signal };
  await ensureBinaries(controlPlaneBinaries(blueVersion), ensure);
  const moto = await ensureMoto(ensure);

  await mkdir(folder.dir, { recursive: true, mode: 0o700 });
  let record = await chooseAddresses(options);
  await folder.write(record);

  onStage("AWS emulator");
  const line = motoCommand({ program: moto, port: record.ports.moto, region });
  await startProcess(folder.processes, {
    name: "moto",
    command: line.command,
    args: line.args,
    env: { ...env, ...line.env },
    log: folder.path("moto.log"),
  });
  await motoReady(`http://127.0.0.1:${record.ports.moto}`, AbortSignal.timeout(60_000));
  await startProcess(folder.processes, {
    name: "daemon",
    ...nodeCommand("./daemon/main", import.meta.url, name),
    env,
    log: folder.path("daemon.log"),
  });
  const seeded = await seedProduction(emulatorClients(`http://127.0.0.1:${record.ports.moto}`, region), {
    zone,
    hosts,
    edgeAddress: record.addresses.blue,
    ttl: recordTtl,
    availabilityZones,
    cluster: record.cluster,
    colour: "blue",
    groups: groups.map(({ name, count }) => ({ name, count })),
    addressGroup,
  });
  record = {
    ...record,
    aws: {
      hostedZoneId: seeded.hostedZoneId,
      vpcId: seeded.vpcId,
      subnets: seeded.subnets,
      elasticIps: seeded.addresses,
    },
  };

  onStage(`blue, Kubernetes ${blueVersion}: etcd, API server, controllers, scheduler`);
  const plane = await startControlPlane({
    ...ensure,
    name: "blue",
    dir: folder.controlPlane("blue"),
    version: blueVersion,
    kwok: true,
    fsync: false,
  });
  const { api, close } = apiOf(plane.kubeconfigPath);
  await addNodes(api, nodeGroups(seeded.instances), blueVersion).finally(close);
  const kube = await connect({ kubeconfig: plane.kubeconfigPath, context: "blue", env });
  try {
    onStage(`blue's workload: ${workload.length} objects`);
    await applyWorkload(kube, workload, now());
    const identity = await createIdentity({
      kube,
      adminKubeconfig: plane.kubeconfigPath,
      permissions: bluePermissions(),
      context: "blue",
      now: now(),
    });
    await addContexts(folder, { name: "blue", reader: identity, adminKubeconfig: plane.kubeconfigPath });
    await registerCluster(folder, {
      name: "blue",
      version: blueVersion,
      since: now().toISOString(),
      colour: "blue",
      address: record.addresses.blue,
      adminKubeconfig: plane.kubeconfigPath,
      ...(plane.auditLog && { auditLog: plane.auditLog }),
      instanceIds: seeded.instances.map(({ id }) => id),
      publicIps: {},
    });
    onStage("blue's pods");
    await waitForWorkloads(kube, signal);
    await waitForEdge(folder, "blue", signal);
  } finally {
    await kube.close();
  }
  await folder.write(record);
  return record;
}

async function refuseExisting(folder: SandboxFolder): Promise<void> {
  const existing = await folder.read();
  if (!existing) return;
  throw new UserError({
    code: "usage",
    what: `Sandbox "${folder.name}" ${existing.aws ? "is there already" : "was not started whole"}.`,
    fix: `clustershift sandbox down --name ${folder.name}, or take another name.`,
  });
}

/** Addresses of loopback and ports that nobody has. Addresses are shared by all on this machine: three of 127.0.0.0/8. */
async function chooseAddresses({ name, blueVersion, now, random }: SandboxOptions): Promise<SandboxRecord> {
  const [http, https, syslog, dns, aws, moto] = await freePorts(6);
  if (!http || !https || !syslog || !dns || !aws || !moto) throw new Error("no free ports");
  const octet = (): number => 1 + Math.floor(random() * 254);
  const prefix = `127.${octet()}.${octet()}`;
  return {
    format: 1,
    name,
    createdAt: now().toISOString(),
    region,
    zone,
    cluster: `blue.${zone.replace(/\.$/, "")}`,
    blueVersion,
    addresses: { blue: `${prefix}.1`, green: `${prefix}.2`, dns: `${prefix}.53` },
    ports: { http, https, syslog, dns, aws, moto },
  };
}

/** Until every Deployment and StatefulSet has the pods that it asks for. */
async function waitForWorkloads(kube: KubeWriter, signal?: AbortSignal): Promise<void> {
  const { resources } = await kube.discover();
  const kinds = resources.filter(
    ({ group, version, kind }) => group === "apps" && version === "v1" && /^(Deployment|StatefulSet)$/.test(kind),
  );
  await waitUntil("blue's pods", 180_000, signal, async () => {
    for (const resource of kinds) {
      for await (const { items } of kube.pages(resource)) {
        for (const { kind, metadata, spec, status } of items) {
          const wanted = (spec as { replicas?: number }).replicas ?? 1;
          const ready = (status as { readyReplicas?: number } | undefined)?.readyReplicas ?? 0;
          if (ready < wanted) return `${kind} ${metadata.namespace}/${metadata.name} has ${ready} of ${wanted} ready`;
        }
      }
    }
    return true;
  });
}

/** Until the edge of a cluster knows all that the cluster's API says. */
export async function waitForEdge(folder: SandboxFolder, cluster: string, signal?: AbortSignal): Promise<void> {
  await waitUntil(`the edge of ${cluster}`, 60_000, signal, async () => {
    const text = await readFile(folder.path("daemon.json"), "utf8").catch(() => undefined);
    const state = text === undefined ? undefined : (JSON.parse(text) as DaemonState);
    return state?.synced.includes(cluster) ? true : `see ${folder.path("daemon.log")}`;
  });
}
