import { isObject, listAt, textAt } from "../../../model/json.js";
import type { JsonObject } from "../../../model/objects.js";
import { adaptation } from "./adaptation.js";

const annotation = "volume.beta.kubernetes.io/storage-class";

/**
 * The class of a claim or volume as a field. Kubernetes still reads the annotation first, and forbids to take it off later
 * or to put it on; so it stays, and both say the same.
 */
export const claimClass = adaptation({
  id: "claim-class",
  reason:
    "The storage class that the annotation volume.beta.kubernetes.io/storage-class names is set as storageClassName too.",
  kinds: ["PersistentVolumeClaim", "PersistentVolume", "StatefulSet.apps"],
  adapt(copy) {
    const claims = copy.kind === "StatefulSet" ? listAt(copy, "spec", "volumeClaimTemplates") : [copy];
    for (const claim of claims) if (isObject(claim)) setClass(claim);
    return undefined;
  },
});

function setClass(claim: JsonObject): void {
  const name = textAt(claim, "metadata", "annotations", annotation);
  const { spec } = claim;
  if (name === undefined || !isObject(spec) || textAt(spec, "storageClassName") !== undefined) return;
  spec.storageClassName = name;
}
