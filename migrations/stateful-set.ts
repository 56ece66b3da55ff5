import { isObject } from "../src/model/json.js";
import type { Migration } from "../src/model/migration.js";
import { atVersion } from "./shared/json.js";
import { pinned, pinSelector } from "./shared/workload.js";

/** apps/v1beta2 has apps/v1's defaults already; in v1beta1 pods were replaced only when somebody deleted them. */
export const statefulSet: Migration = {
  id: "stateful-set",
  from: { group: "apps", kind: "StatefulSet", versions: ["v1beta1", "v1beta2"] },
  to: "apps/v1",
  removedIn: "1.16",
  summary: "From v1beta1, selector and labels are pinned to those of the pods, and updateStrategy to OnDelete.",
  migrate(object) {
    const migrated = atVersion(object, "apps/v1");
    if (isObject(migrated.spec) && object.apiVersion === "apps/v1beta1") {
      pinSelector(migrated);
      const { updateStrategy } = migrated.spec;
      const strategy = isObject(updateStrategy) ? updateStrategy : {};
      migrated.spec.updateStrategy =
        strategy.type === "" ? { ...strategy, type: "OnDelete" } : pinned(strategy, { type: "OnDelete" });
    }
    return { result: "objects", objects: [migrated] };
  },
};
