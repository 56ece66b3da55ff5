import { listAt, objectAt, textAt } from "../../../model/json.js";
import type { Remark } from "../../../model/migration.js";
import { adaptation } from "./adaptation.js";

const tolerateUnready = "service.alpha.kubernetes.io/tolerate-unready-endpoints";

/** What Services said in ways that newer versions don't read. */
export const serviceFields = adaptation({
  id: "service-fields",
  reason:
    "The annotation tolerate-unready-endpoints becomes spec.publishNotReadyAddresses; spec.topologyKeys, gone since 1.22, is taken off.",
  kinds: ["Service"],
  adapt(copy) {
    const spec = objectAt(copy, "spec");
    // The annotation went first where both were there; it stays, since it does nothing now.
    if (textAt(copy, "metadata", "annotations", tolerateUnready) === "true") spec.publishNotReadyAddresses = true;
    const keys = listAt(spec, "topologyKeys");
    delete spec.topologyKeys;
    return keys.length > 0 ? [topology(keys)] : undefined;
  },
});

function topology(keys: unknown[]): Remark {
  return {
    id: "service-topology-gone",
    severity: "warning",
    why: `It prefers near endpoints by spec.topologyKeys (${keys.join(", ")}), which is gone since 1.22: green's spreads over all.`,
    whatToDo:
      "Set spec.trafficDistribution (PreferSameZone, PreferSameNode), or internalTrafficPolicy: Local where only the own node may answer.",
  };
}
