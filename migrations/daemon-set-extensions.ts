import { isObject } from "../src/model/json.js";
import type { Migration } from "../src/model/migration.js";
import type { JsonObject } from "../src/model/objects.js";
import { atVersion, isAbsent } from "./shared/json.js";
import { pinned, pinSelector } from "./shared/workload.js";

/** Where apps/v1 shows what was `spec.templateGeneration`, of itself and of its pods' labels. */
const TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

/** In extensions/v1beta1 pods were replaced only when somebody deleted them. */
export const daemonSetExtensions: Migration = {
  id: "daemon-set-extensions",
  from: { group: "extensions", kind: "DaemonSet", versions: ["v1beta1"] },
  to: "apps/v1",
  removedIn: "1.16",
  summary:
    "selector and labels are pinned to those of the pods, and updateStrategy to OnDelete; templateGeneration becomes the " +
    "annotation in which API servers show it.",
  migrate(object) {
    const migrated = atVersion(object, "apps/v1");
    if (!isObject(migrated.spec)) return { result: "objects", objects: [migrated] };
    pinSelector(migrated);
    const { templateGeneration, ...spec } = migrated.spec;
    migrated.spec = { ...spec, updateStrategy: pinStrategy(spec.updateStrategy) };
    if (!isAbsent(templateGeneration)) {
      const annotations = migrated.metadata.annotations ?? {};
      migrated.metadata.annotations = { ...annotations, [TEMPLATE_GENERATION]: String(templateGeneration) };
    }
    return { result: "objects", objects: [migrated] };
  },
};

function pinStrategy(strategy: unknown): JsonObject {
  const given = isObject(strategy) ? strategy : {};
  return given.type === "" ? { ...given, type: "OnDelete" } : pinned(given, { type: "OnDelete" });
}
