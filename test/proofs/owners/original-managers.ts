import type { KubeWriter } from "../../../src/kube/api.js";
import { sha256 } from "../../../src/model/canonical.js";
import { type KubeObject, refKey, refOf } from "../../../src/model/objects.js";

/** How teams bring their objects: by Helm, by `kubectl apply`, and by a server-side apply such as Argo CD's. */
export const ways = ["helm", "client-side", "server-side"] as const;
export type Way = (typeof ways)[number];

/** In whose name each way writes. */
export const managerOf: Record<Way, string> = {
  helm: "helm",
  "client-side": "kubectl-client-side-apply",
  "server-side": "argocd-controller",
};

/** What somebody once applied: the manifest is what they will apply again. */
export interface Original {
  way: Way;
  manifest: KubeObject;
}

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/** As the client would send it. */
export function sent(way: Way, manifest: KubeObject): KubeObject {
  if (way !== "client-side") return manifest;
  const annotations = { ...manifest.metadata.annotations, [lastApplied]: JSON.stringify(manifest) };
  return { ...manifest, metadata: { ...manifest.metadata, annotations } };
}

/**
 * A cluster whose objects are made by their teams' own tools, and then touched by others: a person edits
 * every fifth, and a scaler scales every workload that is made by Helm.
 */
export function throughTools(kube: KubeWriter): { kube: KubeWriter; originals: Map<string, Original> } {
  const originals = new Map<string, Original>();
  const wrapped: KubeWriter = {
    ...kube,
    async create(resource, object, options = {}) {
      const key = refKey(refOf(object));
      const number = Number.parseInt(sha256(key).slice(0, 8), 16);
      const way = ways[number % ways.length] ?? "helm";
      const { status: _, ...manifest } = object;
      const write = { ...options, fieldManager: managerOf[way] };
      const made =
        way === "server-side"
          ? await applyNew(kube, resource, manifest as KubeObject, write)
          : await kube.create(resource, sent(way, manifest as KubeObject), write);
      originals.set(key, { way, manifest: manifest as KubeObject });
      const patch = { type: "merge", ...(options.namespace && { namespace: options.namespace }) } as const;
      const { name } = object.metadata;
      if (number % 5 === 0) {
        const labels = { metadata: { labels: { "edited-by": "a-person" } } };
        await kube.patch(resource, name, labels, { ...patch, fieldManager: "kubectl-edit" });
      }
      if (way === "helm" && resource.subresources.includes("scale") && object.kind !== "ReplicationController") {
        const scaled = { spec: { replicas: 2 } };
        await kube.patch(resource, name, scaled, { ...patch, subresource: "scale", fieldManager: "a-scaler" });
      }
      return made;
    },
  };
  return { kube: wrapped, originals };
}

/** What is there already belongs to the cluster, and is refused as a create would be. */
async function applyNew(
  kube: KubeWriter,
  resource: Parameters<KubeWriter["create"]>[0],
  object: KubeObject,
  options: NonNullable<Parameters<KubeWriter["create"]>[2]>,
): Promise<KubeObject> {
  if (await kube.get(resource, object.metadata.name, object.metadata.namespace)) {
    return kube.create(resource, object, options);
  }
  return kube.apply(resource, object, { ...options, force: true });
}
