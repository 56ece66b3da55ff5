import type { Migration } from "../src/model/migration.js";
import { withoutRoundTripAnnotations, withoutZeroValues } from "./shared/autoscaling.js";
import { atVersion } from "./shared/json.js";

export const horizontalPodAutoscalerV2beta2: Migration = {
  id: "horizontal-pod-autoscaler-v2beta2",
  from: { group: "autoscaling", kind: "HorizontalPodAutoscaler", versions: ["v2beta2"] },
  to: "autoscaling/v2",
  removedIn: "1.26",
  summary:
    "Only the version changes; annotations that carry fields between older versions are dropped, as API servers do.",
  migrate: (object) => ({
    result: "objects",
    objects: [withoutZeroValues(withoutRoundTripAnnotations(atVersion(object, "autoscaling/v2")))],
  }),
};
