import { isObject } from "../src/model/json.js";
import type { Migration } from "../src/model/migration.js";
import { DEFAULT_SHARES } from "./shared/flow-control.js";
import { atVersion } from "./shared/json.js";

/** Where v1beta3 has this annotation a share of 0 means 0. It has no meaning in v1, and API servers drop it there. */
const PRESERVE_ZERO = "flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares";

export const priorityLevelConfigurationV1beta3: Migration = {
  id: "priority-level-configuration-v1beta3",
  from: { group: "flowcontrol.apiserver.k8s.io", kind: "PriorityLevelConfiguration", versions: ["v1beta3"] },
  to: "flowcontrol.apiserver.k8s.io/v1",
  removedIn: "1.32",
  summary: "A share of 0 is pinned to 30, its old meaning, unless the annotation that keeps a zero is there.",
  migrate(object) {
    const migrated = atVersion(object, "flowcontrol.apiserver.k8s.io/v1");
    const { [PRESERVE_ZERO]: preserveZero, ...annotations } = migrated.metadata.annotations ?? {};
    if (preserveZero !== undefined) migrated.metadata.annotations = annotations;
    const limited = isObject(migrated.spec) ? migrated.spec.limited : undefined;
    if (isObject(limited) && limited.nominalConcurrencyShares === 0 && preserveZero === undefined) {
      limited.nominalConcurrencyShares = DEFAULT_SHARES;
    }
    return { result: "objects", objects: [migrated] };
  },
};
