import type { RecordSet } from "../../../src/model/traffic.js";
import { emulatorClients } from "../../../src/sandbox/aws/clients.js";
import type { AwsFront } from "../../../src/sandbox/aws/front.js";
import { freePorts } from "../../../src/sandbox/cluster/ports.js";
import { startDnsServer } from "../../../src/sandbox/dns/server.js";
import type { Zone, ZoneSource } from "../../../src/sandbox/dns/zones.js";
import { type Edge, startEdge } from "../../../src/sandbox/edge/edge.js";
import { type ElasticIps, followElasticIps } from "../../../src/sandbox/edge/elastic-ips.js";
import { startSyslog } from "../../../src/sandbox/edge/syslog.js";
import type { WorkerConfig } from "../../../src/sandbox/load/protocol.js";
import { eventually } from "../../harness/eventually.js";
import { FakeApi } from "../../sandbox/edge/fake-api.js";
import { ingress, node, service, slice, syslogPod } from "../../sandbox/edge/objects.js";
import { createWorld, region, type World } from "../../traffic/world.js";

/** Where each cluster's edge listens. */
const edgeAddress = { blue: "127.24.9.1", green: "127.24.9.2" };
/** How old what the name server and the routing go by may be, milliseconds. */
const freshMs = 100;

/** A production that answers: names by the emulator's records, addresses by its associations, and an edge for each cluster. */
export interface LoadPlace {
  world: World;
  /** For a load generator; only its rate is missing. */
  clients: Omit<WorkerConfig, "rate">;
  close(): Promise<void>;
}

/**
 * The sandbox's name server, edges and syslog on one world of the emulator. Of the clusters only the API servers are missing: in their
 * place are objects in memory, which say that all is well.
 */
export async function openLoadPlace(front: AwsFront, name: string): Promise<LoadPlace> {
  const blue = { TTL: 1, ResourceRecords: [{ Value: edgeAddress.blue }] };
  const pool = [3, 1].map((Weight, index) => ({ Name: "api", Type: "A", SetIdentifier: `${index}`, Weight, ...blue }));
  const world = await createWorld(front, name, {
    zones: [[{ Name: "app", Type: "A", ...blue }, ...pool]],
    foreign: [],
    balancer: [[1]],
    addresses: 2,
  });
  const targets = world.targets.map((each) =>
    each.kind === "route53" ? { ...each, green: [edgeAddress.green] } : each,
  );
  const hosts = targets.flatMap((each) => (each.kind === "route53" ? [each.name.replace(/\.$/, "")] : []));
  const addresses = targets.flatMap((each) => (each.kind === "elastic-ip" ? [each] : []));
  const before = await world.snapshot();
  const instances = {
    blue: before.addresses.map(({ instanceId = "" }) => instanceId),
    green: addresses.map(({ greenInstanceId }) => greenInstanceId),
  };
  const [httpPort = 0, httpsPort = 0, syslogPort = 0] = await freePorts(3);
  const start = (cluster: "blue" | "green") => {
    const { fetch } = apiOf(cluster, hosts, instances[cluster]);
    return startEdge({ cluster, address: edgeAddress[cluster], httpPort, httpsPort, fetch });
  };
  const edges: Edge[] = [await start("blue"), await start("green")];
  const dns = await startDnsServer({ address: "127.0.0.1", port: 0, zones: zonesOf(world, name), random: Math.random });
  const own = addresses.map(({ publicIp }) => publicIp);
  const { ec2 } = emulatorClients(front.internalEndpoint, region);
  const syslog = startSyslog({
    addresses: only(own, followElasticIps(ec2, freshMs / 2)),
    clusters: () => edges.map(({ cluster, live }) => ({ cluster, view: live.view })),
    port: syslogPort,
    hostPort: 514,
  });
  await eventually("the edges are in step", () => edges.every(({ live }) => live.synced()));
  await eventually("all addresses listen", () => syslog.listening().length === own.length);
  return {
    world: { ...world, targets },
    clients: {
      dns: { server: dns.address, port: dns.port },
      http: hosts.map((host) => ({ host, port: httpPort, path: "/" })),
      syslog: { addresses: own, port: syslogPort },
    },
    async close() {
      await Promise.all([...edges, dns, syslog].map((part) => part.close()));
    },
  };
}

function apiOf(cluster: string, hosts: readonly string[], instances: readonly string[]): FakeApi {
  const api = new FakeApi();
  api.put(service("web"), slice("web", [[`${cluster}-web`, true]]));
  for (const [index, host] of hosts.entries()) api.put(ingress(`host-${index}`, host, [["/", "Prefix", "web"]]));
  for (const [index, instance] of instances.entries()) {
    api.put(node(`${cluster}-${index}`, instance), syslogPod(`${cluster}-syslog-${index}`, `${cluster}-${index}`));
  }
  return api;
}

/** The world's first zone as it is now, asked for once in a while however often somebody wants it. */
function zonesOf(world: World, name: string): ZoneSource {
  let latest: { readAt: number; zones: Promise<Zone[]> } | undefined;
  const read = async (): Promise<Zone[]> => {
    const [records = []] = await world.records();
    return [{ name: `${name}.`, records: records as (RecordSet & { Type: "A" })[] }];
  };
  return async () => {
    if (!latest || performance.now() - latest.readAt > freshMs) latest = { readAt: performance.now(), zones: read() };
    return latest.zones;
  };
}

/** Other people's addresses of a shared emulator are left alone. */
function only(own: readonly string[], all: ElasticIps): ElasticIps {
  return { ...all, current: () => new Map([...all.current()].filter(([ip]) => own.includes(ip))) };
}
