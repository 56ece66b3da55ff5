import type { JsonObject, KubeObject } from "../../../src/model/objects.js";

interface Version extends JsonObject {
  name: string;
  served: boolean;
  storage: boolean;
  schema?: { openAPIV3Schema: JsonObject };
  subresources?: JsonObject;
  additionalPrinterColumns?: JsonObject[];
}

/**
 * A definition in apiextensions.k8s.io/v1beta1, in the manners of its time, which take turns:
 *
 * - without a schema, as definitions began: every field of every object is kept;
 * - with a schema that only validates: preserveUnknownFields is true unless said otherwise;
 * - with a structural schema and preserveUnknownFields false: unknown fields are pruned.
 */
export function definitionV1beta1(definition: KubeObject, turn: number): KubeObject {
  const { versions, ...rest } = definition.spec as JsonObject & { versions: Version[] };
  const old = versions.map((version) => oldVersion(version, turn % 3 === 0));
  const same = (field: string) => new Set(old.map((version) => JSON.stringify(version[field]))).size === 1;
  const spec: JsonObject = { ...rest, versions: old };
  // What all versions share must be said once, above them.
  for (const [field, above] of [
    ["schema", "validation"],
    ["subresources", "subresources"],
    ["additionalPrinterColumns", "additionalPrinterColumns"],
  ] as const) {
    if (!same(field)) continue;
    if (old[0]?.[field] !== undefined) spec[above] = old[0][field];
    for (const version of old) delete version[field];
  }
  const [only, ...others] = old;
  if (only && others.length === 0) {
    // The oldest form of all: one version, by its name.
    delete spec.versions;
    spec.version = only.name;
  }
  if (turn % 3 === 2) spec.preserveUnknownFields = false;
  return { ...definition, spec };
}

function oldVersion({ schema, additionalPrinterColumns, ...version }: Version, bare: boolean): Version {
  return {
    ...version,
    ...(schema && !bare && { schema: { openAPIV3Schema: withoutDefaults(schema.openAPIV3Schema) as JsonObject } }),
    ...(additionalPrinterColumns && {
      additionalPrinterColumns: additionalPrinterColumns.map(({ jsonPath, ...column }) => ({
        ...column,
        JSONPath: jsonPath,
      })),
    }),
  };
}

/** v1beta1 takes no defaults. `default` is never a property's own name here. */
function withoutDefaults(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutDefaults);
  if (typeof schema !== "object" || schema === null) return schema;
  const kept = Object.entries(schema).filter(([field]) => field !== "default");
  return Object.fromEntries(kept.map(([field, value]) => [field, withoutDefaults(value)]));
}
