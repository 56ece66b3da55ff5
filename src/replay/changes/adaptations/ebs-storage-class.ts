import { isObject, listAt, objectAt, textAt } from "../../../model/json.js";
import type { Remark } from "../../../model/migration.js";
import type { JsonObject } from "../../../model/objects.js";
import type { Change } from "../change.js";
import { adaptation } from "./adaptation.js";
import { type GreenKind, type GreenVersion, isAtLeast } from "./green.js";

const inTree = "kubernetes.io/aws-ebs";
const driver = "ebs.csi.aws.com";
const driverZone = "topology.ebs.csi.aws.com/zone";
const zoneLabels = ["failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"];

/**
 * Storage classes of the provisioner that lived in Kubernetes, as its own translation for the CSI driver has it
 * (k8s.io/csi-translation-lib, plugins/aws_ebs.go): what the same class does on a cluster that migrated to the driver.
 */
export function ebsStorageClass(version: GreenVersion, green: GreenKind): Change {
  return adaptation({
    id: "ebs-storage-class",
    reason:
      "The provisioner kubernetes.io/aws-ebs is gone since 1.27: its classes name ebs.csi.aws.com, with parameters and zones as the driver reads them.",
    kinds: ["StorageClass.storage.k8s.io"],
    adapt(copy) {
      // Up to 1.22 Kubernetes provisioned them itself, and needed no driver.
      if (copy.provisioner !== inTree || !isAtLeast(version, "1.23")) return undefined;
      const parameters: JsonObject = {};
      const zones: string[] = [];
      for (const [name, value] of Object.entries(objectAt(copy, "parameters"))) {
        const known = name.toLowerCase();
        if (known === "fstype") parameters["csi.storage.k8s.io/fstype"] = value;
        else if (known === "zone" || known === "zones") zones.push(...`${value}`.split(",").map((zone) => zone.trim()));
        else parameters[name] = value;
        // The provisioner raised what was too little for a small volume; the driver refuses unless it is told to.
        if (known === "iopspergb") parameters.allowAutoIOPSPerGBIncrease = "true";
      }
      const topologies = allowed(listAt(copy, "allowedTopologies"), zones);
      // Kubernetes itself refuses to translate a class that says both.
      if (!topologies) return [bothZones];
      copy.provisioner = driver;
      if (isObject(copy.parameters)) copy.parameters = parameters;
      if (topologies.length > 0) copy.allowedTopologies = topologies;
      const named = Object.keys(parameters).some((name) => name.toLowerCase() === "type");
      return [
        needsDriver,
        ...(named ? [] : [otherDefault]),
        ...(green === "eks" && copy.metadata.name === "gp2" ? [ofEks] : []),
      ];
    },
  });
}

function allowed(terms: unknown[], zones: string[]): unknown[] | undefined {
  if (zones.length > 0) {
    return terms.length > 0 ? undefined : [{ matchLabelExpressions: [{ key: driverZone, values: zones }] }];
  }
  for (const expression of terms.flatMap((term) => listAt(term, "matchLabelExpressions"))) {
    if (isObject(expression) && zoneLabels.includes(textAt(expression, "key") ?? "")) expression.key = driverZone;
  }
  return terms;
}

const needsDriver: Remark = {
  id: "storage-needs-ebs-driver",
  severity: "note",
  why: "It was a class of the provisioner kubernetes.io/aws-ebs, and arrives as one of ebs.csi.aws.com.",
  whatToDo: "See that green runs the EBS CSI driver: claims of this class stay Pending without it.",
};

const otherDefault: Remark = {
  id: "storage-type-default",
  severity: "note",
  why: "It names no volume type: the old provisioner made gp2, the CSI driver makes gp3.",
  whatToDo: "Set parameters.type by a transform where new volumes must be gp2.",
};

const ofEks: Remark = {
  id: "storage-class-of-eks",
  severity: "warning",
  why: "EKS makes a class gp2 itself, of the old provisioner; a class's provisioner can't be changed, so this one won't arrive.",
  whatToDo:
    "Delete green's own before migrate (kubectl delete storageclass gp2), or leave this one behind under replay.skip.",
};

const bothZones: Remark = {
  id: "storage-zones-twice",
  severity: "warning",
  why: "It names zones in its parameters and in allowedTopologies, which the CSI driver's translation refuses.",
  whatToDo: "Take one of the two off by a transform, and set its provisioner to ebs.csi.aws.com.",
};
