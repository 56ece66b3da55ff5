import pLimit from "p-limit";
import { messageOf } from "../model/errors.js";
import { isObject } from "../model/json.js";
import { type ApiResource, groupOf, type JsonObject, versionOf } from "../model/objects.js";
import { KubeError, type KubeReader } from "./api.js";
import type { Transport } from "./transport.js";

/** Requests at once; a cluster has about 30 to 100 groups and versions. */
const width = 8;

/**
 * Every resource of every group and version, in the server's order: of one group the version that it prefers comes first.
 * An aggregated group whose own server is down answers 503, and must not hide the others.
 */
export async function discover(transport: Transport): ReturnType<KubeReader["discover"]> {
  const groupVersions = await listGroupVersions(transport);
  const limit = pLimit(width);
  const broken: { groupVersion: string; reason: string }[] = [];
  const found = await Promise.all(
    groupVersions.map((groupVersion) =>
      limit(async () => {
        try {
          return resourcesOf(
            groupVersion,
            await transport.call({ method: "GET", path: rootOf(groupVersion), attempts: 2 }),
          );
        } catch (error) {
          if (!(error instanceof KubeError)) throw error;
          broken.push({ groupVersion, reason: messageOf(error) });
          return [];
        }
      }),
    ),
  );
  return { resources: found.flat(), broken };
}

async function listGroupVersions(transport: Transport): Promise<string[]> {
  const [core, named] = await Promise.all([
    transport.call({ method: "GET", path: "/api" }),
    transport.call({ method: "GET", path: "/apis" }),
  ]);
  const versions = isObject(core) && Array.isArray(core.versions) ? core.versions.map(String) : [];
  for (const group of records(named, "groups")) {
    for (const { groupVersion } of records(group, "versions")) versions.push(String(groupVersion));
  }
  return versions;
}

function rootOf(groupVersion: string): string {
  return groupOf(groupVersion) === "" ? `/api/${groupVersion}` : `/apis/${groupVersion}`;
}

/** Reads one `APIResourceList`; entries such as `pods/status` become the subresources of `pods`. */
export function resourcesOf(groupVersion: string, list: unknown): ApiResource[] {
  const resources = new Map<string, ApiResource>();
  const entries = records(list, "resources");
  for (const { name, kind, namespaced, verbs } of entries) {
    const resource = String(name);
    if (resource.includes("/")) continue;
    resources.set(resource, {
      group: groupOf(groupVersion),
      version: versionOf(groupVersion),
      kind: String(kind),
      resource,
      namespaced: namespaced === true,
      verbs: Array.isArray(verbs) ? verbs.map(String) : [],
      subresources: [],
    });
  }
  for (const { name } of entries) {
    const [resource = "", ...rest] = String(name).split("/");
    if (rest.length > 0) resources.get(resource)?.subresources.push(rest.join("/"));
  }
  return [...resources.values()];
}

function records(value: unknown, field: string): JsonObject[] {
  const list = isObject(value) ? value[field] : undefined;
  return Array.isArray(list) ? list.filter(isObject) : [];
}

/** The server's version, and the UID of kube-system, which names the cluster. */
export async function readInfo(transport: Transport): ReturnType<KubeReader["info"]> {
  const [version, system] = await Promise.all([
    transport.call({ method: "GET", path: "/version" }),
    transport.call({ method: "GET", path: "/api/v1/namespaces/kube-system" }),
  ]);
  const metadata = isObject(system) && isObject(system.metadata) ? system.metadata : {};
  return {
    version: isObject(version) ? String(version.gitVersion) : "",
    clusterId: String(metadata.uid),
  };
}
