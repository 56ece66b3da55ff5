import { KubeError, type KubeReader } from "../../kube/api.js";
import { homeOf, readableResources } from "../../kube/resources.js";
import type { BackupDefect, ChangedSince } from "../../model/backup.js";
import { type ApiResource, type KubeObject, kindKey, type ObjectRef, refKey, refOf } from "../../model/objects.js";
import { perClusterKind } from "../rules/per-cluster-kinds.js";

/** What tells one object, and one state of it, from another. */
export interface Trace {
  ref: ObjectRef;
  uid: string | undefined;
  resourceVersion: string | undefined;
  createdAt: string | undefined;
  labels: Record<string, string> | undefined;
  deleting: boolean;
  /** The plural; empty where it isn't known. */
  resource: string;
}

export function traceOf(object: KubeObject, resource = ""): Trace {
  const { uid, resourceVersion, creationTimestamp, labels, deletionTimestamp } = object.metadata;
  const ref = refOf(object);
  const deleting = deletionTimestamp !== undefined;
  const home = { ...ref, ...homeOf(ref) };
  return { ref: home, uid, resourceVersion, createdAt: creationTimestamp, labels, deleting, resource };
}

/** All that a cluster lists, but for the kinds that describe it alone. `unread`: kinds that couldn't be listed, with the reason. */
export async function traceLive(
  live: Pick<KubeReader, "discover" | "pages">,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (objects: number) => void } = {},
): Promise<{ traces: Trace[]; unread: { kind: string; why: string }[] }> {
  const { resources, broken } = await live.discover();
  const unread = broken.map(({ groupVersion, reason }) => ({ kind: groupVersion, why: reason }));
  const traces: Trace[] = [];
  for (const resource of readableResources(resources, preferred)) {
    if (perClusterKind(resource) !== undefined) continue;
    let its: Trace[] = [];
    try {
      for await (const { items, restarted } of live.pages(resource, signal ? { signal } : {})) {
        if (restarted) its = [];
        for (const item of items) its.push(traceOf(item, resource.resource));
        onProgress?.(traces.length + its.length);
      }
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      unread.push({ kind: kindKey(resource), why: `${error.status} ${error.message}` });
      continue;
    }
    traces.push(...its);
  }
  return { traces, unread };
}

/** A server lists the version that it prefers first. */
function preferred([first]: ApiResource[]): ApiResource {
  if (!first) throw new Error("a kind without versions");
  return first;
}

const mostExamples = 20;

/**
 * A backup beside the cluster that it is of, later. What is older than the backup has to be in it; what came, changed or went since
 * is no defect. `holds` says whether a backup was to have an object at all. Pure.
 */
export function compareWithLive(
  backup: readonly Trace[],
  live: readonly Trace[],
  { takenAt, holds = () => true }: { takenAt: string; holds?: (trace: Trace) => boolean },
): { defects: BackupDefect[]; changedSince: ChangedSince; outside: Map<string, number> } {
  const kept = new Map(backup.map((trace) => [refKey(trace.ref), trace]));
  const defects: BackupDefect[] = [];
  const since: ChangedSince = { made: 0, changed: 0, gone: 0, examples: [] };
  const outside = new Map<string, number>();
  const told = (what: "made" | "changed" | "gone", name: string): void => {
    since[what]++;
    if (since.examples.length < mostExamples) since.examples.push(`${name}: ${what}`);
  };
  const taken = Date.parse(takenAt);
  for (const trace of live) {
    const name = refKey(trace.ref);
    const its = kept.get(name);
    kept.delete(name);
    if (its && (its.uid === undefined || trace.uid === undefined || its.uid === trace.uid)) {
      const isSame = its.resourceVersion === undefined || its.resourceVersion === trace.resourceVersion;
      if (!isSame) told("changed", name);
      continue;
    }
    // To the second: what was made in the second of the backup may have come after it.
    const isOlder = Date.parse(trace.createdAt ?? "") < Math.floor(taken / 1000) * 1000;
    if (!isOlder) told("made", name);
    else if (its) {
      const what = `${name} is in it with the UID ${its.uid}; blue's has ${trace.uid}, and is of ${trace.createdAt}.`;
      defects.push({ id: "replaced", object: trace.ref, what });
    } else if (!holds(trace)) {
      outside.set(kindKey(trace.ref), (outside.get(kindKey(trace.ref)) ?? 0) + 1);
    } else {
      const what = `${name} is on blue since ${trace.createdAt}, and isn't in it, which was taken at ${takenAt}.`;
      defects.push({ id: "missing", object: trace.ref, what });
    }
  }
  for (const name of kept.keys()) told("gone", name);
  return { defects, changedSince: since, outside };
}
