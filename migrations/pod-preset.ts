import { isObject } from "../src/model/json.js";
import type { Migration } from "../src/model/migration.js";

/** What presets put into the pods that they selected was written into the pods only, not into what makes them. */
export const podPreset: Migration = {
  id: "pod-preset",
  from: { group: "settings.k8s.io", kind: "PodPreset", versions: ["v1alpha1"] },
  to: null,
  removedIn: "1.20",
  summary:
    "Dropped: the API is gone. What it put into pods belongs in the workloads' templates, or to a mutating webhook.",
  migrate(object) {
    const spec = isObject(object.spec) ? object.spec : {};
    const given = ["env", "envFrom", "volumes", "volumeMounts"].filter((field) => {
      const items = spec[field];
      return Array.isArray(items) && items.length > 0;
    });
    return {
      result: "drop",
      reason: "PodPreset was removed in 1.20 without a successor; the workloads' own templates are the nearest",
      remarks: [
        {
          id: "pod-preset-no-successor",
          severity: "warning",
          why: `Pods on green don't get what ${object.metadata.name} gave those that it selects${
            given.length > 0 ? `: ${given.join(", ")}` : ""
          }.`,
          whatToDo:
            "Write it into the templates of the workloads that it selects, before they run on green, or serve it by a mutating webhook.",
        },
      ],
    };
  },
};
