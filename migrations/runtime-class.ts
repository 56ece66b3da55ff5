import { isObject } from "../src/model/json.js";
import type { Migration } from "../src/model/migration.js";
import { atVersion, present } from "./shared/json.js";

/** v1alpha1 had a spec; later versions have its fields beside the metadata, and call its runtimeHandler the handler. */
export const runtimeClass: Migration = {
  id: "runtime-class",
  from: { group: "node.k8s.io", kind: "RuntimeClass", versions: ["v1alpha1", "v1beta1"] },
  to: "node.k8s.io/v1",
  removedIn: "1.25",
  summary: "Only the version changes from v1beta1; from v1alpha1, spec.runtimeHandler becomes handler, and spec goes.",
  migrate(object) {
    const { spec, ...migrated } = atVersion(object, "node.k8s.io/v1");
    if (object.apiVersion !== "node.k8s.io/v1alpha1" || !isObject(spec)) {
      return { result: "objects", objects: [spec === undefined ? migrated : { ...migrated, spec }] };
    }
    const { runtimeHandler, ...rest } = spec;
    return { result: "objects", objects: [{ ...migrated, ...present({ handler: runtimeHandler, ...rest }) }] };
  },
};
