import { isObject } from "../src/model/json.js";
import type { Migration, Remark } from "../src/model/migration.js";
import type { JsonObject } from "../src/model/objects.js";
import { atVersion, isAbsent } from "./shared/json.js";

const HOSTNAME = "kubernetes.io/hostname";
const ZONE = "topology.kubernetes.io/zone";
const NODE_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/**
 * v1 has no free `topology`: the zone and the node's name have fields of their own, and what is left moves to
 * `deprecatedTopology`, which API servers ignore in writes as v1.
 * Source: https://kubernetes.io/docs/reference/using-api/deprecation-guide/
 */
export const endpointSlice: Migration = {
  id: "endpoint-slice",
  from: { group: "discovery.k8s.io", kind: "EndpointSlice", versions: ["v1alpha1", "v1beta1"] },
  to: "discovery.k8s.io/v1",
  removedIn: "1.25",
  summary:
    "topology is split: the zone to zone, the host name to nodeName, the rest to deprecatedTopology; the type IP becomes IPv4 or IPv6.",
  migrate(object) {
    const migrated = atVersion(object, "discovery.k8s.io/v1");
    if (migrated.addressType === "IP") migrated.addressType = hasColon(migrated.endpoints) ? "IPv6" : "IPv4";
    if (!Array.isArray(migrated.endpoints)) return { result: "objects", objects: [migrated] };
    migrated.endpoints = migrated.endpoints.map((endpoint: unknown) =>
      isObject(endpoint) ? migrateEndpoint(endpoint) : endpoint,
    );
    const left = leftoverKeys(migrated.endpoints);
    if (left.length === 0) return { result: "objects", objects: [migrated] };
    return { result: "objects", objects: [migrated], remarks: [topologyIgnored(left)] };
  },
};

/** Before 1.17 there was one type for both families; a slice held addresses of one. */
function hasColon(endpoints: unknown): boolean {
  const [first] = Array.isArray(endpoints) ? endpoints : [];
  return isObject(first) && Array.isArray(first.addresses) && String(first.addresses[0]).includes(":");
}

function migrateEndpoint({ topology, ...endpoint }: JsonObject): JsonObject {
  if (!isObject(topology)) return endpoint;
  const { [ZONE]: zone, [HOSTNAME]: hostname, ...rest } = topology;
  if (typeof zone === "string") endpoint.zone = zone;
  if (typeof hostname === "string" && hostname !== endpoint.nodeName) {
    // v1beta1 could name the node by this label alone, and, oddly, name another node than nodeName does.
    if (isAbsent(endpoint.nodeName) && NODE_NAME.test(hostname)) endpoint.nodeName = hostname;
    else rest[HOSTNAME] = hostname;
  }
  if (Object.keys(rest).length > 0) endpoint.deprecatedTopology = rest;
  return endpoint;
}

function leftoverKeys(endpoints: unknown): string[] {
  const keys = new Set<string>();
  for (const endpoint of Array.isArray(endpoints) ? endpoints : []) {
    if (!isObject(endpoint) || !isObject(endpoint.deprecatedTopology)) continue;
    for (const key of Object.keys(endpoint.deprecatedTopology)) keys.add(key);
  }
  return [...keys].sort();
}

function topologyIgnored(keys: string[]): Remark {
  return {
    id: "endpoint-slice-topology-ignored",
    severity: "note",
    why: `Its endpoints' topology has ${keys.join(", ")}. In v1 these are in deprecatedTopology, which API servers ignore in writes.`,
    whatToDo: "Nothing, unless something of yours reads them: let that read the labels of the nodes instead.",
  };
}
