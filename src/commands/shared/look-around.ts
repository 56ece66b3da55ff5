import { zoneShare } from "../../config/schema/zone-share.js";
import { connectReadOnly } from "../../kube/connect.js";
import type { KubeObject } from "../../model/objects.js";
import { topologyOf } from "../../plan/topology.js";
import { countNames, percentNeeded, type ZonePart } from "../../traffic/targets/route53/zone-share.js";
import type { Context } from "./command.js";
import type { Found } from "./draft-config.js";
import { listNodes, nodeInstances } from "./nodes.js";
import { clockOf } from "./targets.js";

/** Where blue and its traffic are looked for: given by options, or known of a sandbox. */
export interface Sources {
  environment: string;
  blueName: string;
  kubeconfig?: string;
  context: string;
  region?: string;
  endpoint?: string;
  greenName: string;
  greenVersion: string;
  zones: string[];
  sandbox?: Found["sandbox"];
}

/** What is there: blue's shape and Ingresses, and which records and addresses lead to it. */
export async function lookAround(sources: Sources, context: Context): Promise<Found> {
  const { edges } = context;
  const blue = await connectReadOnly({
    ...(sources.kubeconfig && { kubeconfig: sources.kubeconfig }),
    context: sources.context,
    env: edges.env,
  });
  try {
    const { resources } = await blue.discover();
    const nodes = await listNodes(blue);
    const ingresses: KubeObject[] = [];
    const resource = resources.find(
      ({ kind, group, version }) =>
        kind === "Ingress" && (group === "networking.k8s.io" || group === "extensions") && /^v1/.test(version),
    );
    if (resource) for await (const { items } of blue.pages(resource)) ingresses.push(...items);
    const traffic = await lookAtTraffic(sources, nodeInstances(nodes), context);
    return draftOf(sources, topologyOf(nodes), ingresses, traffic);
  } finally {
    await blue.close();
  }
}

interface TrafficFound {
  records: { zone: string; name: string; type: string }[];
  addressGroups: string[];
}

async function lookAtTraffic(
  { region, endpoint, zones }: Sources,
  instances: ReturnType<typeof nodeInstances>,
  context: Context,
): Promise<TrafficFound> {
  if (!region) return { records: [], addressGroups: [] };
  const { awsClients } = await import("../../aws/clients.js");
  const aws = awsClients(
    { region, ...(endpoint && { endpoint }) },
    { clock: clockOf(context), random: context.edges.random },
  );
  try {
    const records: TrafficFound["records"] = [];
    for (const zone of zones) {
      const { id } = await aws.route53.findZone(zone);
      for (const set of await aws.route53.recordSets(id))
        records.push({ zone, name: set.Name.replace(/\.$/, ""), type: set.Type });
    }
    const addresses =
      instances.length > 0
        ? await aws.ec2.addresses({ instanceIds: instances.map(({ instanceId }) => instanceId) })
        : [];
    const holders = new Set(addresses.map(({ instanceId }) => instanceId));
    const groups = instances.filter(({ instanceId }) => holders.has(instanceId)).map(({ group }) => group);
    return { records, addressGroups: [...new Set(groups)].sort() };
  } finally {
    aws.close();
  }
}

/** What of each zone would move. */
function zoneParts(all: TrafficFound["records"], served: TrafficFound["records"]): ZonePart[] {
  return [...new Set(all.map(({ zone }) => zone))].map((zone) => ({
    zoneId: zone,
    names: served.filter((record) => record.zone === zone),
    zoneNames: countNames(
      all.flatMap((record) => (record.zone === zone ? [{ Name: record.name, Type: record.type }] : [])),
    ),
  }));
}

interface IngressSpec {
  rules?: { host?: string; http?: { paths?: { path?: string }[] } }[];
  tls?: { hosts?: string[] }[];
}

/** Records that serve hosts of blue's Ingresses move; each gets a check under its name. */
function draftOf(
  sources: Sources,
  topology: ReturnType<typeof topologyOf>,
  ingresses: readonly KubeObject[],
  { records, addressGroups }: TrafficFound,
): Found {
  const specs = ingresses.map(({ spec }) => (spec ?? {}) as IngressSpec);
  const hosts = new Map<string, string>();
  for (const { host, http } of specs.flatMap(({ rules = [] }) => rules)) {
    if (host && !host.startsWith("*") && !hosts.has(host))
      hosts.set(host, http?.paths?.[0]?.path?.replace(/\(.*$/, "") || "/");
  }
  const tlsHosts = new Set(specs.flatMap(({ tls = [] }) => tls.flatMap(({ hosts: names = [] }) => names)));
  const served = records.filter(({ name, type }) => hosts.has(name) && ["A", "AAAA", "CNAME"].includes(type));
  const names = [...new Set(served.map(({ name }) => name))];
  const { ports } = sources.sandbox ?? {};
  const httpPort = ports ? `:${ports.http}` : "";
  return {
    environment: sources.environment,
    blue: {
      name: sources.blueName,
      context: sources.context,
      ...(sources.kubeconfig && { kubeconfig: sources.kubeconfig }),
    },
    green: { name: sources.greenName, version: sources.greenVersion },
    topology,
    ...(sources.region && { aws: { region: sources.region, ...(sources.endpoint && { endpoint: sources.endpoint }) } }),
    ...(sources.sandbox && { sandbox: sources.sandbox }),
    records: served,
    zonePercent: percentNeeded(zoneParts(records, served), zoneShare.parse({})),
    addressGroups,
    checks: [
      ...names.map((name) => ({
        kind: "http",
        name: `http ${name}`,
        url: `http://${name}${httpPort}${hosts.get(name) ?? "/"}`,
      })),
      ...names
        .filter((name) => tlsHosts.has(name))
        .map((name) => ({
          kind: "tls",
          name: `tls ${name}`,
          serverName: name,
          ...(ports && { port: ports.https, trust: "any" }),
        })),
      ...names.map((name) => ({
        kind: "dns",
        name: `dns ${name}`,
        query: name,
        ...(sources.sandbox && { server: sources.sandbox.dns }),
      })),
      ...addressGroups.map((group) => ({
        kind: "udp-syslog",
        name: `syslog ${group}`,
        group,
        ...(ports && { port: ports.syslog }),
      })),
      { kind: "workloads", name: "workloads ready", ...(sources.sandbox && { timeout: "30s" }) },
      { kind: "parity", name: "parity with blue" },
    ],
  };
}
