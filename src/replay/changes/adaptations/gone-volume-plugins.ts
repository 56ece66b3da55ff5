import { isObject, listAt } from "../../../model/json.js";
import type { Remark } from "../../../model/migration.js";
import { notice } from "./adaptation.js";
import { podKinds, podTemplateOf } from "./pod-template.js";

/**
 * Volume plugins that lived in Kubernetes: the field of a volume that names each, its provisioner where it had one, when it
 * went (https://kubernetes.io/docs/concepts/storage/volumes/), and the CSI driver that took its volumes over, where one did.
 * A flat table: one line a plugin. EBS's own classes are `ebs-storage-class`'s.
 */
const plugins: readonly { field: string; provisioner?: string; goneIn: string; driver?: string }[] = [
  { field: "awsElasticBlockStore", goneIn: "1.27", driver: "ebs.csi.aws.com" },
  { field: "azureDisk", provisioner: "kubernetes.io/azure-disk", goneIn: "1.27", driver: "disk.csi.azure.com" },
  { field: "azureFile", provisioner: "kubernetes.io/azure-file", goneIn: "1.30", driver: "file.csi.azure.com" },
  { field: "cinder", provisioner: "kubernetes.io/cinder", goneIn: "1.26", driver: "cinder.csi.openstack.org" },
  { field: "gcePersistentDisk", provisioner: "kubernetes.io/gce-pd", goneIn: "1.28", driver: "pd.csi.storage.gke.io" },
  {
    field: "vsphereVolume",
    provisioner: "kubernetes.io/vsphere-volume",
    goneIn: "1.30",
    driver: "csi.vsphere.vmware.com",
  },
  { field: "glusterfs", provisioner: "kubernetes.io/glusterfs", goneIn: "1.26" },
  { field: "rbd", provisioner: "kubernetes.io/rbd", goneIn: "1.31" },
  { field: "cephfs", goneIn: "1.31" },
  { field: "flocker", provisioner: "kubernetes.io/flocker", goneIn: "1.25" },
  { field: "quobyte", provisioner: "kubernetes.io/quobyte", goneIn: "1.25" },
  { field: "storageos", provisioner: "kubernetes.io/storageos", goneIn: "1.25" },
  { field: "scaleIO", provisioner: "kubernetes.io/scaleio", goneIn: "1.22" },
];

/** Classes of other provisioners than EBS's, and volumes, of plugins that Kubernetes no longer has. */
export const goneVolumePlugins = notice({
  id: "gone-volume-plugins",
  reason:
    "Volume plugins that Kubernetes no longer has itself are pointed out: a CSI driver must be there, or the data moved.",
  kinds: ["StorageClass.storage.k8s.io", "PersistentVolume", ...podKinds],
  look(object) {
    const named = plugins.filter(
      ({ field, provisioner }) =>
        (provisioner !== undefined && object.provisioner === provisioner) ||
        volumesOf(object).some((volume) => isObject(volume) && isObject(volume[field])),
    );
    return named.map(remark);
  },
});

function volumesOf(object: Parameters<typeof podTemplateOf>[0]): unknown[] {
  if (object.kind === "PersistentVolume") return [object.spec];
  return listAt(podTemplateOf(object)?.spec, "volumes");
}

function remark({ field, goneIn, driver }: (typeof plugins)[number]): Remark {
  return {
    id: "volume-plugin-gone",
    severity: "warning",
    why: `It uses volumes of ${field}, a plugin that Kubernetes no longer has itself since ${goneIn}.`,
    whatToDo: driver
      ? `See that green runs the CSI driver ${driver}: Kubernetes hands these volumes to it.`
      : "No driver takes its volumes over: move the data to a storage that green has.",
  };
}
