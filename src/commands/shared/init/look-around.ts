import { zoneShare } from "../../../config/schema/zone-share.js";
import { connectReadOnly } from "../../../kube/connect.js";
import { listAll } from "../../../kube/list-all.js";
import { type KubeObject, kindKey, refKey, refOf } from "../../../model/objects.js";
import type { Topology } from "../../../model/plan.js";
import type { ShapeNetwork } from "../../../model/shape.js";
import { topologyOf } from "../../../plan/topology.js";
import { identityKinds, rolesOf } from "../../../replay/changes/index.js";
import { countNames, percentNeeded, type ZonePart } from "../../../traffic/targets/route53/zone-share.js";
import type { Context } from "../command.js";
import { listNodes, nodeInstances } from "../nodes.js";
import { clockOf } from "../targets.js";
import type { Found } from "./draft-config.js";

/** Where blue and its traffic are looked for: given by options, or known of a sandbox. */
export interface Sources {
  environment: string;
  blueName: string;
  kubeconfig?: string;
  context: string;
  /** Whether blue is asked itself; without, only its specification and AWS are. */
  live: boolean;
  region?: string;
  endpoint?: string;
  zones: string[];
  sandbox?: Found["sandbox"];
  /** Id of blue's VPC, where it is known. */
  vpcId?: string | undefined;
}

/** What there is of blue. */
export interface Seen {
  topology: Topology;
  nodes: KubeObject[];
  ingresses: KubeObject[];
  /** `arn:…/shop of ServiceAccount shop/web`, each once. */
  roles: string[];
  /** Whether it has persistent volumes. */
  volumes: boolean;
  traffic: TrafficSeen;
  network?: ShapeNetwork | undefined;
  /** Of the credentials for AWS. */
  account?: string | undefined;
}

interface TrafficSeen {
  records: { zone: string; name: string; type: string }[];
  hostedZones: { name: string; private: boolean }[];
  addressGroups: string[];
}

/** What is there: blue's shape and Ingresses, and which records and addresses lead to it. */
export async function lookAround(sources: Sources, context: Context): Promise<Seen> {
  const cluster = sources.live ? await lookAtCluster(sources, context) : noCluster;
  const instances = nodeInstances(cluster.nodes);
  return { ...cluster, topology: topologyOf(cluster.nodes), ...(await lookAtAws(sources, instances, context)) };
}

type ClusterSeen = Pick<Seen, "nodes" | "ingresses" | "roles" | "volumes">;

const noCluster: ClusterSeen = { nodes: [], ingresses: [], roles: [], volumes: false };

async function lookAtCluster({ kubeconfig, context: name }: Sources, { edges }: Context): Promise<ClusterSeen> {
  const blue = await connectReadOnly({ ...(kubeconfig && { kubeconfig }), context: name, env: edges.env });
  try {
    const { resources } = await blue.discover();
    const ingress = resources.find(
      ({ kind, group, version }) =>
        kind === "Ingress" && (group === "networking.k8s.io" || group === "extensions") && /^v1/.test(version),
    );
    const roles: string[] = [];
    for (const kind of identityKinds) {
      const resource = resources.find((each) => kindKey(each) === kind);
      // Pods repeat what their owners say.
      if (!resource || kind === "Pod" || kind === "ReplicaSet.apps") continue;
      for (const object of await listAll(blue, resource))
        roles.push(...rolesOf(object).map((role) => `${role} of ${refKey(refOf(object))}`));
    }
    const volume = resources.find((each) => kindKey(each) === "PersistentVolume");
    return {
      nodes: await listNodes(blue),
      ingresses: ingress ? await listAll(blue, ingress) : [],
      roles: [...new Set(roles)],
      volumes: volume !== undefined && (await listAll(blue, volume)).length > 0,
    };
  } finally {
    await blue.close();
  }
}

type AwsSeen = Pick<Seen, "traffic" | "network" | "account">;

async function lookAtAws(
  { region, endpoint, zones, vpcId, blueName }: Sources,
  instances: ReturnType<typeof nodeInstances>,
  context: Context,
): Promise<AwsSeen> {
  if (!region) return { traffic: { records: [], hostedZones: [], addressGroups: [] } };
  const { awsClients } = await import("../../../aws/clients.js");
  const aws = awsClients(
    { region, ...(endpoint && { endpoint }) },
    { clock: clockOf(context), random: context.edges.random },
  );
  try {
    const records: TrafficSeen["records"] = [];
    const hostedZones: TrafficSeen["hostedZones"] = [];
    for (const zone of zones) {
      const found = await aws.route53.findZone(zone);
      hostedZones.push({ name: found.name.replace(/\.$/, ""), private: found.private });
      for (const set of await aws.route53.recordSets(found.id))
        records.push({ zone, name: set.Name.replace(/\.$/, ""), type: set.Type });
    }
    const addresses =
      instances.length > 0
        ? await aws.ec2.addresses({ instanceIds: instances.map(({ instanceId }) => instanceId) })
        : [];
    const holders = new Set(addresses.map(({ instanceId }) => instanceId));
    const groups = instances.filter(({ instanceId }) => holders.has(instanceId)).map(({ group }) => group);
    const [first] = instances;
    const vpc = vpcId ?? (first && (await aws.network.vpcOf(first.instanceId)));
    return {
      traffic: { records, hostedZones, addressGroups: [...new Set(groups)].sort() },
      // kops tags what it made with the cluster's name.
      network: await aws.network.find(vpc ? { vpcId: vpc } : { tags: { KubernetesCluster: blueName } }),
      account: (await aws.identity()).account,
    };
  } finally {
    aws.close();
  }
}

/** What of each zone would move. */
function zoneParts(all: TrafficSeen["records"], served: TrafficSeen["records"]): ZonePart[] {
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

/** The traffic part of a first configuration. */
export type DraftedTraffic = Pick<Found, "records" | "zonePercent" | "addressGroups" | "checks">;

/** Records that serve hosts of blue's Ingresses move; each gets a check under its name. */
export function draftTraffic({ ingresses, traffic }: Seen, { sandbox }: Pick<Sources, "sandbox">): DraftedTraffic {
  const { records, addressGroups } = traffic;
  const specs = ingresses.map(({ spec }) => (spec ?? {}) as IngressSpec);
  const hosts = new Map<string, string>();
  for (const { host, http } of specs.flatMap(({ rules = [] }) => rules)) {
    if (host && !host.startsWith("*") && !hosts.has(host))
      hosts.set(host, http?.paths?.[0]?.path?.replace(/\(.*$/, "") || "/");
  }
  const tlsHosts = new Set(specs.flatMap(({ tls = [] }) => tls.flatMap(({ hosts: names = [] }) => names)));
  const served = records.filter(({ name, type }) => hosts.has(name) && ["A", "AAAA", "CNAME"].includes(type));
  const names = [...new Set(served.map(({ name }) => name))];
  const { ports } = sandbox ?? {};
  const httpPort = ports ? `:${ports.http}` : "";
  return {
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
        ...(sandbox && { server: sandbox.dns }),
      })),
      ...addressGroups.map((group) => ({
        kind: "udp-syslog",
        name: `syslog ${group}`,
        group,
        ...(ports && { port: ports.syslog }),
      })),
      { kind: "workloads", name: "workloads ready", ...(sandbox && { timeout: "30s" }) },
      { kind: "parity", name: "parity with blue" },
    ],
  };
}
