/**
 * The types of a transform's module: `import type { Transform } from "clustershift/transform"`. docs/transforms.md shows one.
 */

/** A Kubernetes object as the API gives it. Its fields are unknown until you look: an object may be anything. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    [field: string]: unknown;
  };
  // biome-ignore lint/suspicious/noExplicitAny: who writes a transform knows its kind, and shouldn't have to cast each step
  [field: string]: any;
}

/** What a transform may know beyond the object itself. */
export interface TransformContext {
  /** The transform's name in clustershift.yaml. */
  name: string;
  /** Every object of a kind that blue listed, as blue has it: `listed("ConfigMap")`, `listed("Ingress.networking.k8s.io")`. */
  listed(kind: string): Iterable<KubeObject>;
}

/**
 * What becomes of one object, which is frozen: change a copy (`structuredClone(object)`) and return that. undefined leaves the
 * object as it is; `{ drop: "why" }` leaves it behind. It must be pure, and mustn't be asynchronous: the same object comes
 * through it in plan, rehearsal, replay, follow and parity, and has to come out the same each time.
 */
export type Transform = (object: KubeObject, context: TransformContext) => KubeObject | { drop: string } | undefined;
