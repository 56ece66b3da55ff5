import fc from "fast-check";
import type { ApiResource, JsonObject, KubeObject, ObjectMeta } from "../../src/model/objects.js";
import { groupOf, versionOf } from "../../src/model/objects.js";

/** An object from `apiVersion Kind [namespace/]name` and the rest of it. */
export function object(what: string, fields: JsonObject = {}, metadata: Partial<ObjectMeta> = {}): KubeObject {
  const [apiVersion = "", kind = "", place = ""] = what.split(" ");
  const [name = "", namespace] = place.split("/").reverse();
  return { apiVersion, kind, metadata: { name, ...(namespace ? { namespace } : {}), ...metadata }, ...fields };
}

const plurals: Record<string, string> = { NetworkPolicy: "networkpolicies", Ingress: "ingresses" };

/** A resource as discovery lists it, from `apiVersion Kind`. */
export function resource(what: string, fields: Partial<ApiResource> = {}): ApiResource {
  const [apiVersion = "", kind = ""] = what.split(" ");
  return {
    group: groupOf(apiVersion),
    version: versionOf(apiVersion),
    kind,
    resource: plurals[kind] ?? `${kind.toLowerCase()}s`,
    namespaced: true,
    verbs: ["create", "get", "list", "watch"],
    subresources: [],
    ...fields,
  };
}

/** A definition of one kind; the first version is the stored one. */
export function definition(kind: string, group: string, versions: string[]): KubeObject {
  const plural = `${kind.toLowerCase()}s`;
  return object(`apiextensions.k8s.io/v1 CustomResourceDefinition ${plural}.${group}`, {
    spec: {
      group,
      scope: "Namespaced",
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: versions.map((name, index) => ({
        name,
        served: true,
        storage: index === 0,
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      })),
    },
  });
}

const kinds = [
  "v1 ConfigMap",
  "v1 Secret",
  "v1 Service",
  "v1 ServiceAccount",
  "v1 Pod",
  "apps/v1 Deployment",
  "apps/v1 ReplicaSet",
  "batch/v1 Job",
  "batch/v1 CronJob",
  "policy/v1 PodDisruptionBudget",
  "acme.example/v1 Widget",
  "coordination.k8s.io/v1 Lease",
] as const;

/** Clusters in small: namespaces, a definition and objects of many kinds, with owners among them that form no circle. */
export const clusters: fc.Arbitrary<KubeObject[]> = fc
  .array(
    fc.record({
      kind: fc.constantFrom(...kinds),
      namespace: fc.constantFrom("default", "shop", "kube-system"),
      owner: fc.option(fc.nat(), { nil: undefined, freq: 2 }),
      controller: fc.boolean(),
      deleted: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    }),
    { maxLength: 30 },
  )
  .map((entries) => {
    const made: KubeObject[] = [];
    for (const [index, { kind, namespace, owner, controller, deleted }] of entries.entries()) {
      const above = owner === undefined || made.length === 0 ? undefined : made[owner % made.length];
      const metadata: Partial<ObjectMeta> = { uid: `uid-${index}` };
      if (deleted) metadata.deletionTimestamp = "2026-01-01T00:00:00Z";
      if (above) {
        const { apiVersion, kind, metadata: owned } = above;
        metadata.ownerReferences = [{ apiVersion, kind, name: owned.name, uid: owned.uid ?? "", controller }];
      }
      made.push(object(`${kind} ${namespace}/o${index}`, {}, metadata));
    }
    return [
      ...made,
      definition("Widget", "acme.example", ["v1"]),
      ...["default", "shop", "kube-system"].map((name) => object(`v1 Namespace ${name}`, {}, { uid: `ns-${name}` })),
    ];
  })
  .chain((objects) => fc.shuffledSubarray(objects, { minLength: objects.length }));

/** Every resource of `clusters`, as a server would list it. */
export const clusterResources: ApiResource[] = [
  ...kinds.map((kind) => resource(kind)),
  resource("v1 Namespace", { namespaced: false }),
  resource("apiextensions.k8s.io/v1 CustomResourceDefinition", { namespaced: false }),
];
