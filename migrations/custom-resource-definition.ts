import { isObject } from "../src/model/json.js";
import type { Migration } from "../src/model/migration.js";
import type { JsonObject } from "../src/model/objects.js";
import { settleDefinition } from "./shared/definition.js";
import { atVersion, isAbsent, present } from "./shared/json.js";

/**
 * v1beta1 had one schema, one set of subresources and columns for all versions, or each version its own; v1 has each
 * version's own only. What v1beta1 let stand and v1 refuses is settled afterwards.
 */
export const customResourceDefinition: Migration = {
  id: "custom-resource-definition",
  from: { group: "apiextensions.k8s.io", kind: "CustomResourceDefinition", versions: ["v1beta1"] },
  to: "apiextensions.k8s.io/v1",
  removedIn: "1.22",
  summary:
    "validation, subresources and columns move to each version, webhookClientConfig to conversion.webhook; scope is pinned to " +
    "Namespaced, conversionReviewVersions to v1beta1, and unknown fields are kept by the schema where they were kept before.",
  migrate(object) {
    const migrated = atVersion(object, "apiextensions.k8s.io/v1");
    if (!isObject(migrated.spec)) return { result: "objects", objects: [migrated] };
    migrated.spec = migrateSpec(migrated.spec);
    return settleDefinition(migrated);
  },
};

function migrateSpec(spec: JsonObject): JsonObject {
  const { version, versions, validation, subresources, additionalPrinterColumns, ...rest } = spec;
  const shared = present({ schema: validation, subresources, additionalPrinterColumns });
  const listed = Array.isArray(versions) && versions.length > 0 ? versions : undefined;
  const single = isAbsent(version) ? undefined : [{ name: version, served: true, storage: true }];
  return present({
    ...rest,
    scope: rest.scope || "Namespaced",
    preserveUnknownFields: rest.preserveUnknownFields === false ? undefined : true,
    conversion: isObject(rest.conversion) ? migrateConversion(rest.conversion) : rest.conversion,
    versions: (listed ?? single)?.map((each: unknown) =>
      isObject(each) ? migrateColumns({ ...each, ...structuredClone(shared) }) : each,
    ),
  });
}

function migrateColumns(version: JsonObject): JsonObject {
  if (!Array.isArray(version.additionalPrinterColumns)) return version;
  const additionalPrinterColumns = version.additionalPrinterColumns.map((column: unknown) => {
    if (!isObject(column)) return column;
    const { JSONPath, ...rest } = column;
    return isAbsent(JSONPath) ? rest : { ...rest, jsonPath: JSONPath };
  });
  return { ...version, additionalPrinterColumns };
}

function migrateConversion(conversion: JsonObject): JsonObject {
  const { webhookClientConfig, conversionReviewVersions: versions, ...rest } = conversion;
  const given = Array.isArray(versions) && versions.length > 0 ? versions : undefined;
  const conversionReviewVersions = given ?? (rest.strategy === "Webhook" ? ["v1beta1"] : undefined);
  const webhook = present({ clientConfig: webhookClientConfig, conversionReviewVersions });
  return Object.keys(webhook).length > 0 ? { ...rest, webhook } : rest;
}
