import { setTimeout as sleep } from "node:timers/promises";
import { emulatorClients } from "../aws/clients.js";
import { startAwsFront } from "../aws/front.js";
import { type Api, apiOf } from "../cluster/api.js";
import { heartbeat } from "../cluster/node-life.js";
import { type ClusterRecord, listClusters } from "../clusters.js";
import { startDnsServer } from "../dns/server.js";
import { createZoneSource } from "../dns/zones.js";
import { type Edge, startEdge } from "../edge/edge.js";
import { followElasticIps } from "../edge/elastic-ips.js";
import { startSyslog } from "../edge/syslog.js";
import { SandboxFolder, writeWhole } from "../sandbox-folder.js";
import { adminFetch } from "./admin-fetch.js";
import { provisionVolumes } from "./provisioner.js";
import { withPublicIps } from "./public-ips.js";

/** The world's part that the sandbox plays: how old what DNS and routing go by may be, and how often clusters are looked for. */
const freshnessMs = 100;
const clustersPollMs = 200;
const heartbeatMs = 10_000;
const volumesPollMs = 1_000;

/** What the daemon tells others, in daemon.json: written when it serves. */
export interface DaemonState {
  pid: number;
  /** Clusters whose edges know all that their API says. */
  synced: string[];
}

interface Attached {
  record: ClusterRecord;
  edge: Edge;
  fetch: ReturnType<typeof adminFetch>;
  api: ReturnType<typeof apiOf>;
}

/**
 * One process that is the sandbox's world around its clusters: the front of the AWS emulator, the name server, an edge for
 * each cluster, and the routing of Elastic IPs. Clusters come and go by their files under clusters/.
 */
export async function runDaemon(env: NodeJS.ProcessEnv, name: string, signal: AbortSignal): Promise<void> {
  const folder = new SandboxFolder(env, name);
  const record = await folder.read();
  if (!record) throw new Error(`sandbox ${name} has no record`);
  const { addresses, ports, region } = record;
  const front = await startAwsFront({ target: `http://127.0.0.1:${ports.moto}`, port: ports.aws });
  const aws = emulatorClients(front.internalEndpoint, region);
  const zones = createZoneSource(aws.route53, { maxAgeMs: freshnessMs, now: () => performance.now() });
  const dns = await startDnsServer({ address: addresses.dns, port: ports.dns, zones, random: Math.random });
  const elasticIps = followElasticIps(aws.ec2, freshnessMs / 2);
  const attached = new Map<string, Attached>();
  const publicIps = withPublicIps(elasticIps, () => [...attached.values()].map(({ record: cluster }) => cluster));
  const syslog = startSyslog({
    addresses: publicIps.addresses,
    clusters: () =>
      [...attached.values()].map(({ record: { colour }, edge }) => ({ cluster: colour, view: edge.live.view })),
    port: ports.syslog,
    hostPort: 514,
  });
  const onEach = (play: (api: Api) => Promise<void>) => () =>
    // A cluster that is just starting or stopping doesn't answer; there's another turn.
    Promise.allSettled([...attached.values()].map(({ api }) => play(api.api)));
  const chores = [chore(heartbeatMs, onEach(heartbeat)), chore(volumesPollMs, onEach(provisionVolumes))];
  let told = "";
  try {
    while (!signal.aborted) {
      if (await follow(folder, attached, ports)) publicIps.changed();
      const state: DaemonState = { pid: process.pid, synced: syncedOf(attached) };
      if (JSON.stringify(state) !== told) {
        told = JSON.stringify(state);
        await writeWhole(folder.path("daemon.json"), state);
      }
      for (const turn of chores) await turn();
      await sleep(clustersPollMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    await Promise.all([...attached.values()].map(detach));
    await Promise.all([syslog.close(), elasticIps.close(), dns.close(), front.close()]);
  }
}

/** Does a piece of work when its time has come round again. */
function chore(everyMs: number, work: () => Promise<unknown>): () => Promise<void> {
  let last = Number.NEGATIVE_INFINITY;
  return async () => {
    if (performance.now() - last < everyMs) return;
    last = performance.now();
    await work();
  };
}

function syncedOf(attached: Map<string, Attached>): string[] {
  return [...attached.values()].filter(({ edge }) => edge.live.synced()).map(({ record }) => record.name);
}

/** Resolves to whether a cluster came or went. */
async function follow(
  folder: SandboxFolder,
  attached: Map<string, Attached>,
  ports: { http: number; https: number },
): Promise<boolean> {
  const wanted = await listClusters(folder);
  let changed = false;
  for (const [name, cluster] of attached) {
    const now = wanted.find((record) => record.name === name);
    if (now && JSON.stringify(now) === JSON.stringify(cluster.record)) continue;
    attached.delete(name);
    changed = true;
    await detach(cluster);
  }
  for (const record of wanted) {
    if (attached.has(record.name)) continue;
    const fetch = adminFetch(record.adminKubeconfig);
    const api = apiOf(record.adminKubeconfig);
    const edge = await startEdge({
      cluster: record.colour,
      address: record.address,
      httpPort: ports.http,
      httpsPort: ports.https,
      fetch: fetch.fetch,
    });
    attached.set(record.name, { record, edge, fetch, api });
    changed = true;
  }
  return changed;
}

async function detach({ edge, fetch, api }: Attached): Promise<void> {
  await edge.close();
  await Promise.all([fetch.close(), api.close()]);
}
