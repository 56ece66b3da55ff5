import type { KubeObject } from "../../src/model/objects.js";

/** What a volume is of, in the spec of a PersistentVolume. */
export const sources = {
  csi: (id: string) => ({ csi: { driver: "ebs.csi.aws.com", volumeHandle: id, fsType: "ext4" } }),
  inTree: (id: string, zone: string) => ({ awsElasticBlockStore: { volumeID: `aws://${zone}/${id}`, fsType: "xfs" } }),
  efs: (id: string) => ({ csi: { driver: "efs.csi.aws.com", volumeHandle: id } }),
  nfs: (server: string) => ({ nfs: { server, path: "/exports" } }),
};

export interface ClaimSpec {
  name: string;
  namespace?: string;
  source?: object;
  zone?: string;
  size?: string;
  storageClass?: string;
  accessMode?: string;
  reclaim?: "Delete" | "Retain";
  labels?: Record<string, string>;
  /** False where a person made the volume. */
  provisioned?: false;
}

/** A claim and the volume that it is bound to; the claim alone where it has no source. */
export function bound(spec: ClaimSpec): KubeObject[] {
  const { name, namespace = "shop", source, zone, size = "10Gi", storageClass = "gp3", labels } = spec;
  const accessModes = [spec.accessMode ?? "ReadWriteOnce"];
  const volumeName = `pv-${namespace}-${name}`;
  const claim: KubeObject = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace, ...(labels && { labels }) },
    spec: {
      ...{ accessModes, storageClassName: storageClass, resources: { requests: { storage: size } } },
      ...(source && { volumeName }),
    },
  };
  if (!source) return [claim];
  return [
    claim,
    {
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: {
        name: volumeName,
        ...(spec.provisioned !== false && { annotations: { "pv.kubernetes.io/provisioned-by": "ebs.csi.aws.com" } }),
      },
      spec: {
        ...{ accessModes, capacity: { storage: size }, storageClassName: storageClass },
        claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name },
        persistentVolumeReclaimPolicy: spec.reclaim ?? "Delete",
        ...source,
        ...(zone !== undefined && {
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [
                { matchExpressions: [{ key: "topology.kubernetes.io/zone", operator: "In", values: [zone] }] },
              ],
            },
          },
        }),
      },
    },
  ];
}

/** A Deployment that mounts claims. */
export function mounting(name: string, claims: readonly string[], namespace = "shop"): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [{ name: "a", image: "acme/a" }],
          volumes: claims.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })),
        },
      },
    },
  };
}
