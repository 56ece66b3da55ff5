import type { Migration } from "../src/model/migration.js";
import { atVersion } from "./shared/json.js";
import { pinSelector } from "./shared/workload.js";

export const replicaSetExtensions: Migration = {
  id: "replica-set-extensions",
  from: { group: "extensions", kind: "ReplicaSet", versions: ["v1beta1"] },
  to: "apps/v1",
  removedIn: "1.16",
  summary: "selector and labels are pinned to those of the pods.",
  migrate(object) {
    const migrated = atVersion(object, "apps/v1");
    pinSelector(migrated);
    return { result: "objects", objects: [migrated] };
  },
};
