import { isObject } from "../src/model/json.js";
import type { Migration } from "../src/model/migration.js";
import { DEFAULT_SHARES } from "./shared/flow-control.js";
import { atVersion, isAbsent } from "./shared/json.js";

/** v1alpha1, v1beta1 and v1beta2 call the shares assured; the number means the same. */
export const priorityLevelConfigurationV1beta2: Migration = {
  id: "priority-level-configuration-v1beta2",
  from: {
    group: "flowcontrol.apiserver.k8s.io",
    kind: "PriorityLevelConfiguration",
    versions: ["v1alpha1", "v1beta1", "v1beta2"],
  },
  to: "flowcontrol.apiserver.k8s.io/v1",
  removedIn: "1.29",
  summary: "assuredConcurrencyShares becomes nominalConcurrencyShares; a 0 is pinned to its old meaning, 30.",
  migrate(object) {
    const migrated = atVersion(object, "flowcontrol.apiserver.k8s.io/v1");
    if (isObject(migrated.spec) && isObject(migrated.spec.limited)) {
      const { assuredConcurrencyShares, ...limited } = migrated.spec.limited;
      if (!isAbsent(assuredConcurrencyShares))
        limited.nominalConcurrencyShares = assuredConcurrencyShares || DEFAULT_SHARES;
      migrated.spec.limited = limited;
    }
    return { result: "objects", objects: [migrated] };
  },
};
