import { at, filledAt } from "../model/json.js";
import type { JsonObject, KubeObject, ObjectRef } from "../model/objects.js";
import { ebsDriver } from "./backing.js";

const runAnnotation = "clustershift.dev/run";
/** What `persistentVolumeReclaimPolicy` is on blue: green's gets it once blue is gone. */
const reclaimAnnotation = "clustershift.dev/reclaim-policy";
const provisionedBy = "pv.kubernetes.io/provisioned-by";
const zoneLabels = /^(failure-domain\.beta|topology)\.kubernetes\.io\//;

export interface GreenVolume {
  /** Blue's PersistentVolume. */
  volume: KubeObject;
  /** Green's claim, which it is bound to by name. */
  claim: ObjectRef;
  /** Of green's claim: the two must be of one class. */
  storageClass: string;
  /** The EBS volume and its zone; absent where the file system is the same one. */
  ebs?: { id: string; zone: string };
  run: string;
}

/**
 * Green's PersistentVolume: statically described, bound to its claim by name, and kept by green whatever becomes of the claim, as long as
 * blue may need what it stands for. What was the in-tree plugin's is the EBS CSI driver's. Pure.
 */
export function greenVolume({ volume, claim, storageClass, ebs, run }: GreenVolume): KubeObject {
  const { metadata } = volume;
  const { claimRef: _, awsElasticBlockStore: inTree, nodeAffinity, ...spec } = (volume.spec ?? {}) as JsonObject;
  const labels = Object.entries(metadata.labels ?? {}).filter(([label]) => !zoneLabels.test(label));
  const isProvisioned = metadata.annotations?.[provisionedBy] !== undefined;
  const keptAffinity = nodeAffinity === undefined ? {} : { nodeAffinity };
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: {
      name: metadata.name,
      ...(labels.length > 0 && { labels: Object.fromEntries(labels) }),
      annotations: {
        ...(ebs && isProvisioned && { [provisionedBy]: ebsDriver }),
        [runAnnotation]: run,
        [reclaimAnnotation]: reclaimPolicyOf(volume),
      },
    },
    spec: {
      ...spec,
      claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace: claim.namespace, name: claim.name },
      persistentVolumeReclaimPolicy: "Retain",
      storageClassName: storageClass,
      ...(ebs ? { csi: csiOf(spec.csi, inTree, ebs.id), nodeAffinity: inZone(ebs.zone) } : keptAffinity),
    },
  };
}

export function reclaimPolicyOf(volume: KubeObject): string {
  return filledAt(volume, "spec", "persistentVolumeReclaimPolicy") ?? "Retain";
}

function csiOf(csi: unknown, inTree: unknown, volumeHandle: string): JsonObject {
  if (csi !== undefined) {
    const { volumeAttributes, ...rest } = csi as JsonObject;
    const { "storage.kubernetes.io/csiProvisionerIdentity": _, ...attributes } = (volumeAttributes ?? {}) as JsonObject;
    return { ...rest, volumeHandle, ...(Object.keys(attributes).length > 0 && { volumeAttributes: attributes }) };
  }
  const fsType = filledAt(inTree, "fsType");
  const partition = at(inTree, "partition");
  return {
    driver: ebsDriver,
    volumeHandle,
    ...(fsType !== undefined && { fsType }),
    ...(at(inTree, "readOnly") === true && { readOnly: true }),
    ...(typeof partition === "number" && partition > 0 && { volumeAttributes: { partition: String(partition) } }),
  };
}

function inZone(zone: string): JsonObject {
  const matchExpressions = [{ key: "topology.kubernetes.io/zone", operator: "In", values: [zone] }];
  return { required: { nodeSelectorTerms: [{ matchExpressions }] } };
}
