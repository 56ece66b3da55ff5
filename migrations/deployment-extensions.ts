import { isObject } from "../src/model/json.js";
import type { Migration } from "../src/model/migration.js";
import type { JsonObject } from "../src/model/objects.js";
import { rollbackRemark } from "./shared/deployment.js";
import { atVersion, isAbsent } from "./shared/json.js";
import { NO_LIMIT, pinned, pinSelector } from "./shared/workload.js";

/**
 * extensions/v1beta1 rolled one pod at a time, kept every old ReplicaSet and never gave up on a roll-out. Source: the
 * defaults of that version in Kubernetes 1.15.
 */
export const deploymentExtensions: Migration = {
  id: "deployment-extensions",
  from: { group: "extensions", kind: "Deployment", versions: ["v1beta1"] },
  to: "apps/v1",
  removedIn: "1.16",
  summary:
    "selector and labels are pinned to those of the pods, maxSurge and maxUnavailable to 1, revisionHistoryLimit and " +
    "progressDeadlineSeconds to no limit; rollbackTo is dropped.",
  migrate(object) {
    const migrated = atVersion(object, "apps/v1");
    if (!isObject(migrated.spec)) return { result: "objects", objects: [migrated] };
    pinSelector(migrated);
    const { rollbackTo, ...spec } = migrated.spec;
    migrated.spec = pinned(
      { ...spec, strategy: pinStrategy(spec.strategy) },
      { revisionHistoryLimit: NO_LIMIT, progressDeadlineSeconds: NO_LIMIT },
    );
    return { result: "objects", objects: [migrated], ...rollbackRemark(rollbackTo) };
  },
};

function pinStrategy(strategy: unknown): JsonObject {
  const given = isObject(strategy) ? strategy : {};
  const type = isAbsent(given.type) || given.type === "" ? "RollingUpdate" : given.type;
  if (type !== "RollingUpdate") return given;
  return pinned({ ...given, type }, { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } });
}
