import { readFileSync } from "node:fs";
import { freePorts } from "../../../src/sandbox/cluster/ports.js";
import { type DnsServer, startDnsServer } from "../../../src/sandbox/dns/server.js";
import { type Edge, startEdge } from "../../../src/sandbox/edge/edge.js";
import { type Syslog, startSyslog } from "../../../src/sandbox/edge/syslog.js";
import { FakeApi } from "../edge/fake-api.js";
import { ingress, node, service, slice, syslogPod, tlsSecret } from "../edge/objects.js";

const pem = (name: string) => readFileSync(new URL(`../edge/fixtures/${name}.pem`, import.meta.url), "utf8");

export const HOST = "app.acme.example";
export const CA = pem("test-cert");
export const SYSLOG_ADDRESS = "127.24.8.100";

/** Two clusters' real edges and a real name server over APIs and records in memory, for a load to run against. */
export interface TestProduction {
  api: Record<Colour, FakeApi>;
  edges: Record<Colour, Edge>;
  dns: DnsServer;
  syslogPort: number;
  /** Takes the traffic to one cluster: the record, and the Elastic IP. */
  moveTo(colour: Colour): void;
  close(): Promise<void>;
}

type Colour = "blue" | "green";

export async function startTestProduction(): Promise<TestProduction> {
  let current: Colour = "blue";
  let moved = () => {};
  const api = { blue: apiOf("blue"), green: apiOf("green") };
  const [httpPort = 0, httpsPort = 0, syslogPort = 0] = await freePorts(3);
  const start = (cluster: Colour, address: string) =>
    startEdge({ cluster, address, httpPort, httpsPort, fetch: api[cluster].fetch });
  const edges = { blue: await start("blue", "127.24.8.1"), green: await start("green", "127.24.8.2") };
  const record = () => ({
    Name: `${HOST}.`,
    Type: "A" as const,
    TTL: 0,
    ResourceRecords: [{ Value: edges[current].address }],
  });
  const dns = await startDnsServer({
    address: "127.0.0.1",
    port: 0,
    zones: async () => [{ name: "acme.example.", records: [record()] }],
    random: () => 0,
  });
  const syslog: Syslog = startSyslog({
    addresses: {
      current: () => new Map([[SYSLOG_ADDRESS, `i-${current}`]]),
      onChange: (listener) => {
        moved = listener;
      },
      close: async () => {},
    },
    clusters: () => [edges.blue, edges.green].map(({ cluster, live }) => ({ cluster, view: live.view })),
    port: syslogPort,
    hostPort: 514,
  });
  return {
    api,
    edges,
    dns,
    syslogPort,
    moveTo: (colour) => {
      current = colour;
      moved();
    },
    close: async () => {
      await Promise.all([edges.blue, edges.green, dns, syslog].map((part) => part.close()));
    },
  };
}

function apiOf(colour: Colour): FakeApi {
  const api = new FakeApi();
  api.put(
    ingress("app", HOST, [["/", "Prefix", "web"]], { tls: [{ hosts: [HOST], secretName: "app-tls" }] }),
    service("web"),
    slice("web", [[`${colour}-web`, true]]),
    tlsSecret("app-tls", CA, pem("test-key")),
    node(`${colour}-node`, `i-${colour}`),
    syslogPod(`${colour}-syslog`, `${colour}-node`),
  );
  return api;
}
