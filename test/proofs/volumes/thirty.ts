import type { KubeObject } from "../../../src/model/objects.js";
import { bound, sources } from "../../volumes/objects.js";
import { workload } from "../../workloads/servers.js";
import type { ClaimShape } from "./world.js";

/** Claims whose volumes move: by zone, plugin and type. Green has no zone c, so that what lies there is copied into b. */
const types = [
  { type: "gp3", size: 20, iops: 4000, throughput: 250 },
  { type: "gp2", size: 100 },
  { type: "io1", size: 50, iops: 1000 },
  { type: "io2", size: 50, iops: 2000 },
  { type: "st1", size: 500 },
  { type: "gp3", size: 10 },
] as const;
const zones = ["a", "b", "c"] as const;

/** 18: each type in each zone. Those of type io2 are copied by a rule, those of zone c since green has no such zone. */
export const movedShapes: readonly ClaimShape[] = types.flatMap((type, n) =>
  zones.map((zone): ClaimShape => {
    const isCopied = zone === "c" || type.type === "io2";
    return {
      ...type,
      ...{
        name: `data-${n}-${zone}`,
        strategy: isCopied ? "copy" : "hand-over",
        zone,
        source: n % 2 === 0 ? "csi" : "inTree",
      },
      ...(zone === "c" && { to: "b" as const }),
    };
  }),
);

/** What becomes of each other claim, by its name. */
export const others = {
  "efs-1": "shared",
  "efs-2": "shared",
  "fsx-1": "shared",
  "nfs-1": "shared",
  "cache-1": "fresh",
  "web-1": "fresh",
  "web-2": "fresh",
  "idle-1": "fresh",
  "host-1": "leave",
  "local-1": "leave",
  "acme-1": "leave",
  "many-1": "leave",
} as const;

/** Claims and volumes of those that don't move. */
export function otherObjects(namespace: string, volumeId: (name: string) => string): KubeObject[] {
  const zone = "eu-central-1a";
  const ebs = (name: string, more: object = {}) =>
    bound({ name, namespace, source: sources.csi(volumeId(name)), zone, ...more });
  const plain = (name: string, source: object) =>
    bound({ name, namespace, source, provisioned: false, storageClass: "by-hand" });
  const many = { accessMode: "ReadWriteMany", storageClass: "shared" };
  return [
    ...bound({ name: "efs-1", namespace, source: sources.efs("fs-01::fsap-01"), ...many }),
    ...bound({ name: "efs-2", namespace, source: sources.efs("fs-01::fsap-02"), ...many }),
    ...bound({
      name: "fsx-1",
      namespace,
      source: { csi: { driver: "fsx.csi.aws.com", volumeHandle: "fs-02" } },
      ...many,
    }),
    ...bound({ name: "nfs-1", namespace, source: sources.nfs("10.0.0.2"), ...many, provisioned: false }),
    ...["cache-1", "web-1", "web-2", "idle-1"].flatMap((name) => ebs(name)),
    ...plain("host-1", { hostPath: { path: "/var/data" } }),
    ...bound({
      name: "local-1",
      namespace,
      source: { local: { path: "/mnt/disk" } },
      zone,
      provisioned: false,
      storageClass: "by-hand",
    }),
    ...bound({ name: "acme-1", namespace, source: { csi: { driver: "csi.acme.example", volumeHandle: "acme-1" } } }),
    ...ebs("many-1", { accessMode: "ReadWriteMany" }),
  ];
}

/** Those that are EBS volumes. */
export const ebsOthers = ["cache-1", "web-1", "web-2", "idle-1", "many-1"] as const;

const mounts = (claims: readonly string[]) => ({
  volumes: claims.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })),
});

/** Workloads that mount them, on a node of their own: exclusive are those with the label. */
export function workloads(namespace: string, node: string, label: Record<string, string>): KubeObject[] {
  const labelled = (object: KubeObject): KubeObject => ({ ...object, metadata: { ...object.metadata, labels: label } });
  const deployment = (name: string, claims: readonly string[]) =>
    workload(
      "Deployment",
      namespace,
      name,
      { replicas: 1, strategy: { type: "Recreate" } },
      { nodeName: node, ...mounts(claims) },
    );
  return [
    ...movedShapes.map(({ name }) => labelled(deployment(`db-${name}`, [name]))),
    labelled(deployment("cache", ["cache-1", "many-1", "host-1", "local-1", "acme-1"])),
    deployment("web", ["web-1", "web-2", "efs-1", "efs-2", "fsx-1", "nfs-1"]),
  ];
}
