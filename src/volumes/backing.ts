import { at, filledAt, listAt } from "../model/json.js";
import type { KubeObject } from "../model/objects.js";

/** The EBS CSI driver. */
export const ebsDriver = "ebs.csi.aws.com";

/** Drivers of file systems that many nodes mount at once: EFS, FSx for Lustre, FSx for OpenZFS, NFS, Mountpoint for S3. */
const sharedDrivers: Readonly<Record<string, string>> = {
  "efs.csi.aws.com": "EFS",
  "fsx.csi.aws.com": "FSx for Lustre",
  "fsx.openzfs.csi.aws.com": "FSx for OpenZFS",
  "nfs.csi.k8s.io": "NFS",
  "s3.csi.aws.com": "S3",
};

const onOneNode = ["hostPath", "local"];

/** Fields of a PersistentVolume's spec that aren't its source. */
const besides = new Set(
  `accessModes capacity claimRef mountOptions nodeAffinity persistentVolumeReclaimPolicy storageClassName volumeAttributesClassName
  volumeMode`.split(/\s+/),
);

/** What a PersistentVolume stands for. */
export type Backing =
  | { kind: "ebs"; handle: string; zone: string | undefined }
  | { kind: "shared"; what: string; handle: string }
  | { kind: "node"; what: string; handle?: string }
  | { kind: "unknown"; what: string; handle?: string };

const zoneKeys = [
  "topology.kubernetes.io/zone",
  "topology.ebs.csi.aws.com/zone",
  "failure-domain.beta.kubernetes.io/zone",
];

export function backingOf(volume: KubeObject): Backing {
  const driver = filledAt(volume, "spec", "csi", "driver");
  const handle = filledAt(volume, "spec", "csi", "volumeHandle") ?? "";
  if (driver === ebsDriver) return { kind: "ebs", handle, zone: zoneOf(volume) };
  if (driver !== undefined) {
    const what = sharedDrivers[driver];
    return what === undefined ? { kind: "unknown", what: driver, handle } : { kind: "shared", what, handle };
  }
  const inTree = filledAt(volume, "spec", "awsElasticBlockStore", "volumeID");
  if (inTree !== undefined) {
    // `vol-0123`, or `aws://eu-central-1a/vol-0123`.
    const [, zone, id = inTree] = /^aws:\/\/([^/]*)\/(.+)$/.exec(inTree) ?? [];
    return { kind: "ebs", handle: id, zone: zone || zoneOf(volume) };
  }
  if (at(volume, "spec", "nfs") !== undefined) {
    const { server, path } = at(volume, "spec", "nfs") as { server?: unknown; path?: unknown };
    return { kind: "shared", what: "NFS", handle: `${server}:${path}` };
  }
  const source = Object.keys((at(volume, "spec") as object | undefined) ?? {}).find((field) => !besides.has(field));
  const what = source ?? "nothing";
  return onOneNode.includes(what) ? { kind: "node", what } : { kind: "unknown", what };
}

/** By its node affinity, else by its labels; undefined where neither says one, or they say several. */
function zoneOf(volume: KubeObject): string | undefined {
  const terms = listAt(volume, "spec", "nodeAffinity", "required", "nodeSelectorTerms");
  const zones = terms
    .flatMap((term) => listAt(term, "matchExpressions"))
    .filter((expression) => zoneKeys.includes(filledAt(expression, "key") ?? ""))
    .flatMap((expression) => listAt(expression, "values"));
  const [zone, ...others] = new Set(zones.map(String));
  if (zone !== undefined) return others.length === 0 ? zone : undefined;
  return zoneKeys.map((key) => volume.metadata.labels?.[key]).find((label) => label !== undefined);
}
