import type { BackedUpClaim } from "../../../src/model/backed-up-claim.js";
import type { PlannedVolume } from "../../../src/model/volumes.js";

const ref = (namespace: string, name: string) => ({ group: "", kind: "PersistentVolumeClaim", namespace, name });

/** A claim that the plan leaves to Velero. */
export function planned(namespace: string, name: string, to?: { namespace: string; name: string }): PlannedVolume {
  return {
    ...{ claim: ref(namespace, name), strategy: "velero", rule: "r", reason: "Because.", users: [] },
    ...(to && { arrivesAs: ref(to.namespace, to.name) }),
  };
}

/** The same claim as a backup has it. */
export function backedUp(namespace: string, name: string, parts: Partial<BackedUpClaim> = {}): BackedUpClaim {
  return { namespace, name, labels: {}, method: "native", ...parts };
}
