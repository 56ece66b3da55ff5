import { type KubeObject, kindKey, refOf } from "../model/objects.js";
import { customKind, isDefinition } from "./custom-kinds.js";

/** What the order needs to know of an object. */
export interface Ordered {
  object: KubeObject;
  /** Blue's UID, by which others name it as their owner. Absent where blue gave none. */
  uid?: string;
}

/** Objects that may be written at the same time; a wave is written when those before it are. */
export interface Wave<T extends Ordered> {
  name: WaveName;
  objects: T[];
}

/**
 * The order of a replay, one line a wave. A kind that no line names is a custom resource, or something new: it comes where
 * `others` stands. Limit ranges come before workloads, whose pods take their defaults from them; what could refuse the
 * objects of others comes last.
 */
const waves = {
  namespaces: ["Namespace"],
  definitions: ["CustomResourceDefinition.apiextensions.k8s.io"],
  classes: [
    "StorageClass.storage.k8s.io",
    "VolumeAttributesClass.storage.k8s.io",
    "CSIDriver.storage.k8s.io",
    "PriorityClass.scheduling.k8s.io",
    "RuntimeClass.node.k8s.io",
    "IngressClass.networking.k8s.io",
    "PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io",
    "FlowSchema.flowcontrol.apiserver.k8s.io",
    "LimitRange",
  ],
  accounts: ["ServiceAccount"],
  roles: ["ClusterRole.rbac.authorization.k8s.io", "Role.rbac.authorization.k8s.io"],
  bindings: ["ClusterRoleBinding.rbac.authorization.k8s.io", "RoleBinding.rbac.authorization.k8s.io"],
  configuration: ["Secret", "ConfigMap"],
  volumes: ["PersistentVolume"],
  claims: ["PersistentVolumeClaim"],
  services: ["Service"],
  endpoints: ["Endpoints", "EndpointSlice.discovery.k8s.io"],
  others: [],
  "network-policies": ["NetworkPolicy.networking.k8s.io"],
  templates: ["PodTemplate", "ControllerRevision.apps"],
  workloads: [
    "Deployment.apps",
    "StatefulSet.apps",
    "DaemonSet.apps",
    "ReplicaSet.apps",
    "ReplicationController",
    "CronJob.batch",
    "Job.batch",
    "Pod",
  ],
  "around-workloads": [
    "HorizontalPodAutoscaler.autoscaling",
    "PodDisruptionBudget.policy",
    "Ingress.networking.k8s.io",
  ],
  blockers: [
    "ResourceQuota",
    "APIService.apiregistration.k8s.io",
    "ValidatingAdmissionPolicy.admissionregistration.k8s.io",
    "ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io",
    "MutatingAdmissionPolicy.admissionregistration.k8s.io",
    "MutatingAdmissionPolicyBinding.admissionregistration.k8s.io",
    "MutatingWebhookConfiguration.admissionregistration.k8s.io",
    "ValidatingWebhookConfiguration.admissionregistration.k8s.io",
  ],
} as const satisfies Record<string, readonly string[]>;

export type WaveName = keyof typeof waves;

const names = Object.keys(waves) as WaveName[];
const waveOfKind = new Map<string, number>(
  names.flatMap((name, wave) => waves[name].map((kind): [string, number] => [kind, wave])),
);

/**
 * Waves in the order in which they must be written: nothing comes before its namespace, its definition or its owners. A
 * wave comes more than once where something and what it depends on are of the same one. References that form a circle,
 * which no garbage collector could ever delete, are cut where they were entered.
 */
export function order<T extends Ordered>(objects: readonly T[]): Wave<T>[] {
  const needs = dependencies(objects);
  const places = new Map<T, Place>();
  const onTheWay = new Set<T>();

  const placeOf = (item: T): Place => {
    const known = places.get(item);
    if (known) return known;
    onTheWay.add(item);
    let { wave, depth }: Place = { wave: waveOf(item.object), depth: 0 };
    for (const needed of needs(item)) {
      if (onTheWay.has(needed)) continue;
      const above = placeOf(needed);
      if (above.wave > wave) depth = 0;
      if (above.wave >= wave) [wave, depth] = [above.wave, Math.max(depth, above.depth + 1)];
    }
    onTheWay.delete(item);
    places.set(item, { wave, depth });
    return { wave, depth };
  };

  const found = new Map<number, Map<number, T[]>>();
  for (const item of objects) {
    const { wave, depth } = placeOf(item);
    const depths = found.get(wave) ?? new Map<number, T[]>();
    const members = depths.get(depth) ?? [];
    members.push(item);
    found.set(wave, depths.set(depth, members));
  }
  return ascending(found).flatMap(([wave, depths]) =>
    ascending(depths).map(([, members]) => ({ name: names[wave] ?? "others", objects: members })),
  );
}

interface Place {
  wave: number;
  /** How many things that it depends on stand above it within the same wave. */
  depth: number;
}

/** What must be there before an object: its owners, its namespace, and the definition of its kind. */
function dependencies<T extends Ordered>(objects: readonly T[]): (item: T) => T[] {
  const byUid = new Map<string, T>();
  const namespaces = new Map<string, T>();
  const definitions = new Map<string, T>();
  for (const item of objects) {
    if (item.uid && !byUid.has(item.uid)) byUid.set(item.uid, item);
    if (item.object.apiVersion === "v1" && item.object.kind === "Namespace") {
      namespaces.set(item.object.metadata.name, item);
    }
    const kind = isDefinition(item.object) ? customKind(item.object) : undefined;
    if (kind) definitions.set(kindKey(kind), item);
  }
  return (item) => {
    const { ownerReferences = [], namespace } = item.object.metadata;
    return [
      ...ownerReferences.map(({ uid }) => byUid.get(uid)),
      namespace === undefined ? undefined : namespaces.get(namespace),
      definitions.get(kindKey(refOf(item.object))),
    ].filter((needed) => needed !== undefined && needed !== item) as T[];
  };
}

function waveOf(object: KubeObject): number {
  return waveOfKind.get(kindKey(refOf(object))) ?? names.indexOf("others");
}

/** The wave of a kind (`Kind.group`) where nothing that it depends on comes later. */
export function waveOfKindKey(kind: string): WaveName {
  return names[waveOfKind.get(kind) ?? -1] ?? "others";
}

/** All waves, in their order. */
export const waveNames: readonly WaveName[] = names;

function ascending<V>(map: ReadonlyMap<number, V>): [number, V][] {
  return [...map].sort(([a], [b]) => a - b);
}
