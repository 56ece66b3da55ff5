import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../src/model/objects.js";
import { greenVolume } from "../../src/volumes/green-volume.js";
import { bound, sources } from "./objects.js";

const claim = { group: "", kind: "PersistentVolumeClaim", namespace: "shop", name: "data" };
const volumeOf = (source: object, zone?: string): KubeObject => {
  const [, volume] = bound({ name: "data", source, ...(zone && { zone }) });
  if (!volume) throw new Error("it has a volume");
  return volume;
};
const made = (volume: KubeObject, ebs?: { id: string; zone: string }) =>
  greenVolume({ volume, claim, storageClass: "gp3", run: "r1", ...(ebs && { ebs }) });

describe("green's PersistentVolume", () => {
  it("of the in-tree plugin is the CSI driver's, in its zone and bound by name", () => {
    const volume = volumeOf({
      awsElasticBlockStore: { volumeID: "aws://eu-central-1a/vol-01", fsType: "xfs", partition: 2, readOnly: true },
    });
    volume.metadata.labels = { "failure-domain.beta.kubernetes.io/zone": "eu-central-1a", team: "data" };
    expect(made(volume, { id: "vol-02", zone: "eu-central-1b" })).toEqual({
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: {
        name: "pv-shop-data",
        labels: { team: "data" },
        annotations: {
          "pv.kubernetes.io/provisioned-by": "ebs.csi.aws.com",
          "clustershift.dev/run": "r1",
          "clustershift.dev/reclaim-policy": "Delete",
        },
      },
      spec: {
        accessModes: ["ReadWriteOnce"],
        capacity: { storage: "10Gi" },
        storageClassName: "gp3",
        persistentVolumeReclaimPolicy: "Retain",
        claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace: "shop", name: "data" },
        csi: {
          driver: "ebs.csi.aws.com",
          volumeHandle: "vol-02",
          fsType: "xfs",
          readOnly: true,
          volumeAttributes: { partition: "2" },
        },
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: "topology.kubernetes.io/zone", operator: "In", values: ["eu-central-1b"] }] },
            ],
          },
        },
      },
    });
  });

  it("keeps what the driver reads, and not who provisioned it", () => {
    const attributes = { "storage.kubernetes.io/csiProvisionerIdentity": "blue-1", partition: "1" };
    const volume = volumeOf({ csi: { ...sources.csi("vol-01").csi, volumeAttributes: attributes } }, "eu-central-1a");
    expect(made(volume, { id: "vol-01", zone: "eu-central-1a" }).spec).toMatchObject({
      csi: { driver: "ebs.csi.aws.com", volumeHandle: "vol-01", fsType: "ext4", volumeAttributes: { partition: "1" } },
    });
  });

  it("of a shared file system stands for the same one", () => {
    const volume = volumeOf(sources.efs("fs-01::fsap-01"));
    expect(made(volume).spec).toMatchObject({
      csi: { driver: "efs.csi.aws.com", volumeHandle: "fs-01::fsap-01" },
      persistentVolumeReclaimPolicy: "Retain",
    });
    expect(made(volume).spec).not.toHaveProperty("nodeAffinity");
  });
});
