import { access } from "node:fs/promises";
import { openBundle } from "../../../bundle/read.js";
import type { KubeReader } from "../../../kube/api.js";
import { listAll } from "../../../kube/list-all.js";
import type { ExternalDns } from "../../../model/external-dns.js";
import type { JournalEntry } from "../../../model/journal.js";
import type { ApiResource, GroupKind, KubeObject } from "../../../model/objects.js";
import { externalDnsOf } from "../../../replay/external-dns.js";
import { blueIsGone } from "../../../run/evidence.js";
import type { RunFolder } from "../../../run/run-folder.js";
import { isDrainable } from "../../../sweep/drain.js";
import { connectBlue } from "../clusters.js";
import type { Context } from "../command.js";
import { isOfCluster } from "../hand-over.js";
import type { Project } from "../project.js";

/** What blue says of itself that a teardown asks for. */
export interface BlueObjects {
  /** Objects that stand for resources of AWS. */
  objects: KubeObject[];
  /** By `objects`' kind: how blue serves those that can be drained. */
  drainable: { resource: ApiResource; object: KubeObject }[];
  nodes: KubeObject[];
  externalDns: ExternalDns[];
  /** Why blue itself wasn't asked, and the bundle was instead. */
  silent?: string;
}

const kinds: readonly GroupKind[] = [
  { group: "", kind: "PersistentVolume" },
  { group: "", kind: "Service" },
  { group: "", kind: "Node" },
  { group: "networking.k8s.io", kind: "Ingress" },
  { group: "extensions", kind: "Ingress" },
  { group: "snapshot.storage.k8s.io", kind: "VolumeSnapshotContent" },
  ...["Deployment", "StatefulSet", "ReplicaSet"].map((kind) => ({ group: "apps", kind })),
  { group: "", kind: "ReplicationController" },
];

/** Blue's objects as they are now; those of the bundle where it's gone, or doesn't answer. Reads only. */
export async function blueObjects(
  project: Project,
  run: RunFolder,
  journal: readonly JournalEntry[],
  context: Context,
): Promise<BlueObjects> {
  if (blueIsGone(journal)) return sorted(await bundled(run), "it is gone");
  try {
    const blue = await connectBlue(project, context);
    try {
      return sorted(await live(blue, context.edges.signal));
    } finally {
      await blue.close();
    }
  } catch (error) {
    if (!isOfCluster(error)) throw error;
    return sorted(await bundled(run), error instanceof Error ? error.message : String(error));
  }
}

type Listed = [resource: ApiResource, object: KubeObject][];

async function live(blue: KubeReader, signal: AbortSignal): Promise<Listed> {
  const { resources } = await blue.discover();
  const found: Listed = [];
  for (const wanted of kinds) {
    const resource = resources.find(
      ({ group, kind, verbs }) => group === wanted.group && kind === wanted.kind && verbs.includes("list"),
    );
    // What two groups serve is listed once.
    if (!resource || (wanted.group === "extensions" && found.some(([, { kind }]) => kind === wanted.kind))) continue;
    for (const object of await listAll(blue, resource, { signal })) found.push([resource, object]);
  }
  return found;
}

/** None where the bundle isn't on this machine: then the journal alone says what blue has made. */
async function bundled(run: RunFolder): Promise<Listed> {
  const isHere = await access(run.bundlePath).then(
    () => true,
    () => false,
  );
  if (!isHere) return [];
  const bundle = await openBundle(run.bundlePath);
  const found: Listed = [];
  for (const { resource } of bundle.manifest.kinds) {
    if (!kinds.some(({ group, kind }) => group === resource.group && kind === resource.kind)) continue;
    for await (const object of bundle.objects(resource)) found.push([resource, object]);
  }
  return found;
}

function sorted(listed: Listed, silent?: string): BlueObjects {
  const objects = listed.map(([, object]) => object);
  return {
    objects,
    drainable: silent
      ? []
      : listed.flatMap(([resource, object]) => (isDrainable(object) ? [{ resource, object }] : [])),
    nodes: objects.filter(({ kind }) => kind === "Node"),
    externalDns: objects.flatMap((object) => externalDnsOf(object) ?? []),
    ...(silent !== undefined && { silent }),
  };
}
