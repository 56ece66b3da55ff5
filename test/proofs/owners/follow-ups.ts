import pLimit from "p-limit";
import { migrationFor, migrations } from "../../../migrations/index.js";
import { KubeError, type KubeWriter, type WriteOptions } from "../../../src/kube/api.js";
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
import { autoscaledAmong } from "../../../src/replay/arrive.js";
import { isObject, sameJson } from "../../../src/replay/json.js";
import { mapOwners } from "../../../src/replay/owners.js";
import type { Departure } from "../../../src/replay/prepare.js";
import type { ReplayResult } from "../../../src/replay/replay.js";
import { managerOf, type Original, sent } from "./original-managers.js";
import { strangersOf } from "./strangers.js";

/** What came of one request: the server's conflicts and words where it was refused. */
export type Outcome =
  | { ok: true; labels: string[] }
  | { ok: false; status: number; conflicts: string[]; words: string };

/** Where green didn't answer as blue did. */
export interface Differing {
  object: string;
  request: string;
  blue: Outcome;
  green: Outcome;
}

export interface FollowUps {
  objects: number;
  /** Objects that a named change made another on green, so that their old manifests can't come to the same there. */
  changedOnTheWay: number;
  requests: number;
  /** Requests that blue refused for conflicts: without some of them the comparison would say little. */
  conflictsOnBlue: number;
  differing: Differing[];
}

interface Cluster {
  kube: KubeWriter;
  resources: ApiResource[];
}

/**
 * Asks both servers, by dry run, what would come of the next request of each object's own tool, and of a stranger who
 * applies other values for all that it has: whose conflicts name the owner of each field.
 */
export async function compareFollowUps(
  blue: KubeWriter,
  green: KubeWriter,
  { expected, outcomes, greenUids }: ReplayResult,
  originals: ReadonlyMap<string, Original>,
): Promise<FollowUps> {
  const [onBlue, onGreen] = await Promise.all(
    [blue, green].map(async (kube): Promise<Cluster> => ({ kube, resources: (await kube.discover()).resources })),
  );
  if (!onBlue || !onGreen) throw new Error("two clusters are needed");
  const { autoscaled } = autoscaledAmong(expected.map(({ object }) => object));
  const changed = new Set(outcomes.filter(({ changedBy }) => changedBy).map(({ object }) => refKey(object)));
  const result: FollowUps = { objects: 0, changedOnTheWay: 0, requests: 0, conflictsOnBlue: 0, differing: [] };
  const limit = pLimit(8);
  await Promise.all(
    expected.map((departure) =>
      limit(async () => {
        const original = originals.get(refKey(departure.source));
        if (!original) return;
        if (changed.has(refKey(departure.source))) {
          result.changedOnTheWay++;
          return;
        }
        result.objects++;
        for (const { name, send } of requestsOf(
          departure,
          original,
          onGreen,
          greenUids,
          autoscaled(departure.object),
        )) {
          const [blue, green] = [await outcomeOf(onBlue, send), await outcomeOf(onGreen, send)];
          if (!blue || !green) continue;
          result.requests++;
          if (!blue.ok && blue.conflicts.length > 0) result.conflictsOnBlue++;
          if (!same(blue, green, name)) {
            result.differing.push({ object: refKey(refOf(departure.object)), request: name, blue, green });
          }
        }
      }),
    ),
  );
  return result;
}

interface Request {
  name: string;
  send: (cluster: Cluster) => Promise<KubeObject> | undefined;
}

function requestsOf(
  { object }: Departure,
  original: Original,
  onGreen: Cluster,
  greenUids: ReadonlyMap<string, string>,
  autoscaled: boolean,
): Request[] {
  const { way } = original;
  const manifest = resourceOf(onGreen, original.manifest)
    ? original.manifest
    : inVersionOf(object.apiVersion, original.manifest);
  const again = (what: string, wanted: KubeObject): Request => ({
    name: `${way}: ${what}`,
    send: (cluster) => {
      // Whoever sets an owner looks up its UID.
      const there = (it: KubeObject) => (cluster === onGreen ? mapOwners(it, greenUids).object : it);
      return write(cluster, there(manifest), there(wanted), way);
    },
  });
  return [
    again("the same once more", manifest),
    again("with a label more", withLabels(manifest, { ...manifest.metadata.labels, "follow-up": "yes" })),
    again("without its labels", withLabels(manifest, undefined)),
    ...strangersOf(object, autoscaled).map((it) => another("a-stranger", it)),
    ...(way === "server-side" ? strangersOf(object, autoscaled).map((it) => another(managerOf[way], it)) : []),
  ];
}

/** What a manager applies who brings nothing but another value in one place. */
function another(fieldManager: string, { path, stranger }: ReturnType<typeof strangersOf>[number]): Request {
  return {
    name: `another value by ${fieldManager} at ${path}`,
    send: (cluster) =>
      at(cluster, stranger, (resource, options) =>
        cluster.kube.apply(resource, stranger, { ...options, fieldManager }),
      ),
  };
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

const fromControllers = /controller-uid$|job-name$/;

async function outcomeOf(cluster: Cluster, send: Request["send"]): Promise<Outcome | undefined> {
  try {
    const answer = await send(cluster);
    return (
      answer && {
        ok: true,
        labels: Object.keys(answer.metadata.labels ?? {}).filter((key) => !fromControllers.test(key)),
      }
    );
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    const causes = Array.isArray(error.details.causes) ? error.details.causes : [];
    const conflicts = causes
      .filter((cause) => isObject(cause) && cause.reason === "FieldManagerConflict")
      // In which version somebody wrote is another matter on green, where that of blue may be gone.
      .map((cause) => `${/"([^"]*)"/.exec(String(cause.message))?.[1]} ${cause.field}`)
      .sort();
    return { ok: false, status: error.status, conflicts, words: error.message.slice(0, 500) };
  }
}

function same(blue: Outcome, green: Outcome, request: string): boolean {
  const conflictsOf = (outcome: Outcome) => (outcome.ok ? [] : outcome.conflicts);
  if (!sameJson(conflictsOf(blue), conflictsOf(green))) return false;
  // A value that is no valid one may be refused sooner by the one than by the other.
  if (request.startsWith("another value")) return true;
  if (blue.ok && green.ok) return sameJson([...blue.labels].sort(), [...green.labels].sort());
  return !blue.ok && !green.ok && blue.status === green.status;
}
