import { createHash } from "node:crypto";
import type { ApiResource, KubeObject } from "../src/model/objects.js";
import type { ReplaySource } from "../src/replay/replay.js";

const verbs = ["create", "delete", "get", "list", "patch", "update", "watch"];
const core = (kind: string, resource: string, namespaced: boolean): ApiResource => ({
  group: "",
  version: "v1",
  kind,
  resource,
  namespaced,
  verbs,
  subresources: [],
});

export const namespaces = core("Namespace", "namespaces", false);
/** The kinds that the figures are made of: every cluster has them, and no controller acts on them. */
export const kinds = [core("ConfigMap", "configmaps", true), core("Secret", "secrets", true)] as const;

/** One object, without a namespace, of a kind of `kinds`. */
export interface Made {
  resource: ApiResource;
  object: KubeObject;
}

/** As many objects with `bytes` of data each, in turn of each kind: the same every time, and as good as random. */
export function makeObjects(count: number, bytes: number): Made[] {
  return Array.from({ length: count }, (_, index) => {
    const resource = kinds[index % kinds.length] ?? kinds[0];
    const metadata = {
      name: `bench-${String(index).padStart(6, "0")}`,
      labels: { "app.kubernetes.io/part-of": "bench" },
    };
    const data = noise(index, bytes);
    const object: KubeObject =
      resource.kind === "Secret"
        ? { apiVersion: "v1", kind: "Secret", metadata, type: "Opaque", data: { token: data.toString("base64") } }
        : { apiVersion: "v1", kind: "ConfigMap", metadata, data: { "app.conf": data.toString("hex").slice(0, bytes) } };
    return { resource, object };
  });
}

function noise(seed: number, bytes: number): Buffer {
  return createHash("shake256", { outputLength: Math.max(1, bytes) })
    .update(`bench ${seed}`)
    .digest();
}

export function inNamespace(made: readonly Made[], namespace: string): Made[] {
  return made.map(({ resource, object }) => ({
    resource,
    object: { ...object, metadata: { ...object.metadata, namespace } },
  }));
}

/** Objects as a source that costs nothing to read. */
export function sourceOf(made: readonly Made[]): ReplaySource {
  const of = (kind: string) => made.filter(({ object }) => object.kind === kind).map(({ object }) => object);
  const byKind = new Map(kinds.map((resource) => [resource.kind, of(resource.kind)]));
  return {
    kinds: kinds.map((resource) => ({ resource, count: byKind.get(resource.kind)?.length ?? 0 })),
    async *objects({ kind }) {
      yield* byKind.get(kind) ?? [];
    },
  };
}
