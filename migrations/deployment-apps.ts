import { isObject } from "../src/model/json.js";
import type { Migration } from "../src/model/migration.js";
import { rollbackRemark } from "./shared/deployment.js";
import { atVersion } from "./shared/json.js";
import { pinned, pinSelector } from "./shared/workload.js";

/** apps/v1beta2 has apps/v1's defaults already; v1beta1 kept two old ReplicaSets, and a selector could be left out. */
export const deploymentApps: Migration = {
  id: "deployment-apps",
  from: { group: "apps", kind: "Deployment", versions: ["v1beta1", "v1beta2"] },
  to: "apps/v1",
  removedIn: "1.16",
  summary:
    "From v1beta1, selector and labels are pinned to those of the pods, and revisionHistoryLimit to 2; rollbackTo is dropped.",
  migrate(object) {
    const migrated = atVersion(object, "apps/v1");
    if (!isObject(migrated.spec) || object.apiVersion !== "apps/v1beta1") {
      return { result: "objects", objects: [migrated] };
    }
    pinSelector(migrated);
    const { rollbackTo, ...spec } = migrated.spec;
    migrated.spec = pinned(spec, { revisionHistoryLimit: 2 });
    return { result: "objects", objects: [migrated], ...rollbackRemark(rollbackTo) };
  },
};
