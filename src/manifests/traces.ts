import { apiRemovals, removalOf } from "../../migrations/api-removals.js";
import { at, isObject, listAt, textAt } from "../model/json.js";
import { compareMinor, formatMinor, type KubeVersion, parseKubeVersion } from "../model/kube-version.js";
import { groupOf, type KubeObject, refKey, refOf, versionOf } from "../model/objects.js";

/** A version that nobody stated, and what speaks for it. */
export interface GuessedVersion {
  /** `v1.24.17`, or `1.21` where only a minor is known. */
  version: string;
  /** `says the image of Pod kube-system/kube-apiserver-a` */
  because: string;
}

/**
 * The version of the API server that objects came from, by what they show of it: its own pod; else the newest kubelet, which is never
 * newer than its server; else the newest release that served all that was read. Undefined where nothing came from a server.
 */
export function guessVersion(objects: readonly KubeObject[]): GuessedVersion | undefined {
  return byServerPod(objects) ?? byKubelets(objects) ?? byRemovals(objects);
}

function byServerPod(objects: readonly KubeObject[]): GuessedVersion | undefined {
  for (const object of objects) {
    if (object.kind !== "Pod" || object.metadata.namespace !== "kube-system") continue;
    for (const container of listAt(object.spec, "containers")) {
      const image = isObject(container) && typeof container.image === "string" ? container.image : "";
      const version = /(?:^|\/)(?:kube-apiserver|hyperkube)[^/]*:(v\d+\.\d+\.\d+)/.exec(image)?.[1];
      if (version && /apiserver/.test(object.metadata.name))
        return { version, because: `says the image of ${refKey(refOf(object))}` };
    }
  }
  return undefined;
}

function byKubelets(objects: readonly KubeObject[]): GuessedVersion | undefined {
  let best: { text: string; version: KubeVersion; node: KubeObject } | undefined;
  for (const node of objects) {
    if (node.kind !== "Node" || node.apiVersion !== "v1") continue;
    const text = textAt(node.status, "nodeInfo", "kubeletVersion") ?? "";
    const version = parseKubeVersion(text);
    if (version && (!best || newer(version, best.version))) best = { text, version, node };
  }
  return best && { version: best.text, because: `says the kubelet of ${refKey(refOf(best.node))}` };
}

function newer(one: KubeVersion, other: KubeVersion): boolean {
  return (compareMinor(one, other) || (one.patch ?? 0) - (other.patch ?? 0)) > 0;
}

function byRemovals(objects: readonly KubeObject[]): GuessedVersion | undefined {
  let best: { before: KubeVersion; object: KubeObject } | undefined;
  for (const object of objects) {
    if (!object.metadata.uid) continue;
    const { apiVersion, kind } = object;
    const removal = removalOf(apiRemovals, { group: groupOf(apiVersion), version: versionOf(apiVersion), kind });
    const before = removal && parseKubeVersion(removal.removedIn);
    if (before && (!best || compareMinor(before, best.before) < 0)) best = { before, object };
  }
  if (!best) return undefined;
  const { before, object } = best;
  const version = formatMinor({ ...before, minor: before.minor - 1 });
  return { version, because: `is the newest that serves ${refKey(refOf(object))} as ${object.apiVersion}` };
}

/**
 * When objects were read, as far as they show: the newest time that a server or controller wrote into one of them, ISO 8601 in UTC.
 * It was then or later. Undefined where there is no such time.
 */
export function newestTrace(objects: readonly KubeObject[]): string | undefined {
  let newest = "";
  const see = (value: unknown) => {
    if (typeof value !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(value)) return;
    const time = `${value.slice(0, 19)}Z`;
    if (time > newest) newest = time;
  };
  for (const { metadata, status, spec, ...object } of objects) {
    see(metadata.creationTimestamp);
    for (const entry of metadata.managedFields ?? []) see(at(entry, "time"));
    for (const condition of listAt(status, "conditions"))
      for (const field of ["lastHeartbeatTime", "lastUpdateTime", "lastTransitionTime"]) see(at(condition, field));
    if (object.kind === "Lease") see(at(spec, "renewTime"));
    if (object.kind === "Event") for (const field of ["lastTimestamp", "eventTime"]) see(object[field]);
  }
  return newest === "" ? undefined : newest;
}
