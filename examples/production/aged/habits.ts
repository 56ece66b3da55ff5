import type { JsonObject, KubeObject } from "../../../src/model/objects.js";

/** What people wrote in place of something that their version didn't have yet. */
interface Habit {
  /** The first minor release in which it's no longer necessary. */
  until: number;
  write(object: KubeObject): KubeObject;
}

/** In the order in which they are followed; objects of today in, old ways out. */
const habits: readonly Habit[] = [
  {
    // Nodes had their zone and region under other names.
    until: 17,
    write: (object) =>
      JSON.parse(
        JSON.stringify(object).replaceAll(
          /topology\.kubernetes\.io\/(zone|region)"/g,
          'failure-domain.beta.kubernetes.io/$1"',
        ),
      ) as KubeObject,
  },
  {
    // An Ingress named its class in an annotation.
    until: 18,
    write: (object) => {
      const { ingressClassName, ...spec } = (object.spec ?? {}) as JsonObject;
      if (object.kind !== "Ingress" || ingressClassName === undefined) return object;
      const annotations = { ...object.metadata.annotations, "kubernetes.io/ingress.class": String(ingressClassName) };
      return { ...object, metadata: { ...object.metadata, annotations }, spec };
    },
  },
  {
    // A Job that should wait had no place for a pod.
    until: 22,
    write: (object) => {
      const { suspend, ...spec } = (object.spec ?? {}) as JsonObject;
      if (object.kind !== "Job" || suspend !== true) return object;
      return { ...object, spec: { ...spec, parallelism: 0 } };
    },
  },
  {
    // An autoscaler named its target as the Deployment was written.
    until: 16,
    write: (object) => {
      const { scaleTargetRef, ...spec } = (object.spec ?? {}) as JsonObject & { scaleTargetRef?: { kind: string } };
      if (scaleTargetRef?.kind !== "Deployment") return object;
      return { ...object, spec: { ...spec, scaleTargetRef: { ...scaleTargetRef, apiVersion: "extensions/v1beta1" } } };
    },
  },
  {
    until: 23,
    write: (object) =>
      object.apiVersion === "autoscaling/v2" ? { ...object, apiVersion: "autoscaling/v2beta2" } : object,
  },
];

/** An object as people wrote it for the minor release `minor` of Kubernetes 1. */
export function inTheHabitsOf(minor: number, object: KubeObject): KubeObject {
  return habits.filter(({ until }) => minor < until).reduce((written, { write }) => write(written), object);
}
