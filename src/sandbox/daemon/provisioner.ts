import type { KubeObject } from "../../model/objects.js";
import { type Api, ApiFailure } from "../cluster/api.js";

/** Provisioners that this plays: the EBS CSI driver, also under the name of the in-tree plugin that it took over. */
const provisioners = new Set(["ebs.csi.aws.com", "kubernetes.io/aws-ebs"]);

const provisionerAnnotations = [
  "volume.kubernetes.io/storage-provisioner",
  "volume.beta.kubernetes.io/storage-provisioner",
];
const selectedNode = "volume.kubernetes.io/selected-node";

interface Claim extends KubeObject {
  spec: {
    accessModes?: string[];
    resources?: { requests?: { storage?: string } };
    storageClassName?: string;
    volumeName?: string;
    volumeMode?: string;
  };
  status?: { phase?: string };
}

interface Zone {
  key: string;
  name: string;
}

interface StorageClass extends KubeObject {
  volumeBindingMode?: string;
  reclaimPolicy?: string;
}

/**
 * One look of a volume provisioner: every claim that waits for a new EBS volume gets one, empty, in its node's zone. What
 * a cluster's CSI driver does by itself; without it pods with claims would never start.
 */
export async function provisionVolumes(api: Api): Promise<void> {
  const [claims, classes, nodes] = await Promise.all([
    items<Claim>(api, "/api/v1/persistentvolumeclaims"),
    items<StorageClass>(api, "/apis/storage.k8s.io/v1/storageclasses"),
    items<KubeObject>(api, "/api/v1/nodes"),
  ]);
  for (const claim of claims) {
    const annotations = claim.metadata.annotations ?? {};
    const waits = claim.status?.phase === "Pending" && !claim.spec.volumeName;
    if (!waits || !provisionerAnnotations.some((key) => provisioners.has(annotations[key] ?? ""))) continue;
    const storageClass = classes.find(({ metadata }) => metadata.name === claim.spec.storageClassName);
    const node = nodes.find(({ metadata }) => metadata.name === annotations[selectedNode]);
    if (storageClass?.volumeBindingMode === "WaitForFirstConsumer" && !node) continue;
    const zone = zoneOf(node) ?? zoneOf(nodes[0]);
    if (!zone) continue;
    await api("POST", "/api/v1/persistentvolumes", volumeFor(claim, storageClass, zone)).catch((error: unknown) => {
      // Made at the look before, and not bound yet.
      if (!(error instanceof ApiFailure && error.status === 409)) throw error;
    });
  }
}

/** A node's zone, and the label that says so: its name is another up to 1.16. */
function zoneOf(node: KubeObject | undefined): Zone | undefined {
  const labels = node?.metadata.labels ?? {};
  for (const key of ["topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"]) {
    if (labels[key] !== undefined) return { key, name: labels[key] };
  }
  return undefined;
}

async function items<Item>(api: Api, path: string): Promise<Item[]> {
  return ((await api("GET", path)) as { items: Item[] }).items;
}

function volumeFor({ metadata, spec }: Claim, storageClass: StorageClass | undefined, zone: Zone): KubeObject {
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: `pvc-${metadata.uid}`, annotations: { "pv.kubernetes.io/provisioned-by": "ebs.csi.aws.com" } },
    spec: {
      accessModes: spec.accessModes,
      capacity: { storage: spec.resources?.requests?.storage },
      csi: {
        driver: "ebs.csi.aws.com",
        volumeHandle: `vol-${(metadata.uid ?? "").replaceAll("-", "").slice(0, 17)}`,
        fsType: "ext4",
      },
      claimRef: {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        namespace: metadata.namespace,
        name: metadata.name,
        uid: metadata.uid,
      },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: zone.key, operator: "In", values: [zone.name] }] }],
        },
      },
      persistentVolumeReclaimPolicy: storageClass?.reclaimPolicy ?? "Delete",
      storageClassName: spec.storageClassName,
      volumeMode: spec.volumeMode ?? "Filesystem",
    },
  };
}
