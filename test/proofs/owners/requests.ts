import { migrationFor, migrations } from "../../../migrations/index.js";
import type { KubeWriter, WriteOptions } from "../../../src/kube/api.js";
import { isObject } from "../../../src/model/json.js";
import {
  type ApiResource,
  apiVersionOf,
  groupOf,
  type JsonObject,
  type KubeObject,
  refKey,
  refOf,
  versionOf,
} from "../../../src/model/objects.js";
import { mapOwners } from "../../../src/replay/owners.js";
import type { Departure } from "../../../src/replay/prepare.js";
import { managerOf, type Original, sent } from "./original-managers.js";
import { pairsOf, type StrangerPair, strangersOf } from "./strangers.js";

export interface Cluster {
  kube: KubeWriter;
  resources: ApiResource[];
}

interface Clusters {
  onBlue: Cluster;
  onGreen: Cluster;
  greenUids: ReadonlyMap<string, string>;
}

/** One request, as each of the two clusters gets it. */
export interface Request {
  name: string;
  /** Undefined where the cluster can't be asked. */
  send: (cluster: Cluster) => Promise<KubeObject> | undefined;
  /** The field has one name on blue and another on green: conflicts can name the same owner, and no more. */
  renamed?: boolean;
}

/**
 * What may come next for an object: its own tool's next requests, where one made it, and what others apply to learn who owns each
 * field. Each cluster is asked in a version that it serves.
 */
export async function requestsOf(
  { object }: Departure,
  original: Original | undefined,
  { onBlue, onGreen, greenUids }: Clusters,
  autoscaled: boolean,
): Promise<Request[]> {
  const strangers = strangersOf(object, autoscaled);
  const pairs = resourceOf(onBlue, object)
    ? strangers.map((it): StrangerPair => ({ onBlue: it, onGreen: it }))
    : pairsOf(strangersOf(await liveOf(onBlue, original?.manifest ?? object), autoscaled), strangers);
  const by = (manager: string) => pairs.map((pair) => another(manager, pair, onBlue));
  // A controller made it, and nobody has a manifest of it: such as the claims of a StatefulSet.
  if (!original) return by("a-stranger");
  const { way, manifest: once } = original;
  const upgraded = resourceOf(onGreen, once) ? once : inVersionOf(object.apiVersion, once);
  const again = (what: string, change: (manifest: KubeObject) => KubeObject): Request => ({
    name: `${way}: ${what}`,
    send: (cluster) => {
      const manifest = resourceOf(cluster, upgraded) ? upgraded : once;
      // Whoever sets an owner looks up its UID.
      const there = (it: KubeObject) => (cluster === onGreen ? mapOwners(it, greenUids).object : it);
      return write(cluster, there(manifest), there(change(manifest)), way);
    },
  });
  return [
    again("the same once more", (manifest) => manifest),
    again("with a label more", (it) => withLabels(it, { ...it.metadata.labels, "follow-up": "yes" })),
    again("without its labels", (manifest) => withLabels(manifest, undefined)),
    ...by("a-stranger"),
    ...(way === "server-side" ? by(managerOf[way]) : []),
  ];
}

/** What a manager applies who brings nothing but another value in one place. */
function another(fieldManager: string, pair: StrangerPair, onBlue: Cluster): Request {
  return {
    name: `another value by ${fieldManager} at ${(pair.onGreen ?? pair.onBlue)?.path}`,
    send: (cluster) => {
      const { stranger } = (cluster === onBlue ? pair.onBlue : pair.onGreen) ?? {};
      return (
        stranger &&
        at(cluster, stranger, (resource, options) =>
          cluster.kube.apply(resource, stranger, { ...options, fieldManager }),
        )
      );
    },
    renamed: pair.onBlue?.path !== pair.onGreen?.path,
  };
}

/** An object as its cluster gives it, in the version of a manifest. */
async function liveOf(cluster: Cluster, manifest: KubeObject): Promise<KubeObject> {
  const { name, namespace } = manifest.metadata;
  const resource = resourceOf(cluster, manifest);
  const live = resource && (await cluster.kube.get(resource, name, namespace));
  if (!live) throw new Error(`there is no ${manifest.apiVersion} ${refKey(refOf(manifest))}`);
  return live;
}

/** The chart, as its author would bring it to a version that green serves too. */
function inVersionOf(apiVersion: string, manifest: KubeObject): KubeObject {
  const kind = { group: groupOf(manifest.apiVersion), kind: manifest.kind };
  const migrated = migrationFor(migrations, kind, versionOf(manifest.apiVersion))?.migrate(manifest);
  const [first] = migrated?.result === "objects" ? migrated.objects : [];
  if (!first) throw new Error(`no way from ${manifest.apiVersion} to ${apiVersion} for ${refKey(refOf(manifest))}`);
  return first;
}

function withLabels(manifest: KubeObject, labels: Record<string, string> | undefined): KubeObject {
  const { labels: _, ...metadata } = manifest.metadata;
  return { ...manifest, metadata: labels ? { ...metadata, labels } : metadata };
}

/** As each tool writes what it brings again: only Helm and `kubectl` send what is gone as null. */
function write(
  cluster: Cluster,
  before: KubeObject,
  wanted: KubeObject,
  way: Original["way"],
): Promise<KubeObject> | undefined {
  return at(
    cluster,
    wanted,
    (resource, options) => {
      if (way === "server-side") return cluster.kube.apply(resource, wanted, options);
      const patch = withNulls(sent(way, before), sent(way, wanted)) as JsonObject;
      const type = /\./.test(resource.group) && !resource.group.endsWith(".k8s.io") ? "merge" : "strategic";
      return cluster.kube.patch(resource, wanted.metadata.name, patch, { ...options, type });
    },
    managerOf[way],
  );
}

function withNulls(before: unknown, after: unknown): unknown {
  if (!isObject(before) || !isObject(after)) return after;
  const gone = Object.keys(before).filter((field) => !(field in after));
  return Object.fromEntries([
    ...Object.entries(after).map(([field, value]) => [field, withNulls(before[field], value)]),
    ...gone.map((field) => [field, null]),
  ]);
}

/** Undefined where the cluster doesn't serve the version. */
function at(
  cluster: Cluster,
  object: KubeObject,
  send: (resource: ApiResource, options: WriteOptions) => Promise<KubeObject>,
  fieldManager = "",
): Promise<KubeObject> | undefined {
  const resource = resourceOf(cluster, object);
  const { namespace } = object.metadata;
  return resource && send(resource, { dryRun: true, fieldManager, ...(namespace && { namespace }) });
}

function resourceOf({ resources }: Cluster, { apiVersion, kind }: KubeObject): ApiResource | undefined {
  return resources.find((it) => apiVersionOf(it.group, it.version) === apiVersion && it.kind === kind);
}
