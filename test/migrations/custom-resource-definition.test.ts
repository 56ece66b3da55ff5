import { describe, expect, it } from "vitest";
import { customResourceDefinition as migration } from "../../migrations/custom-resource-definition.js";
import { structural } from "../../migrations/shared/structural-schema.js";
import type { JsonObject } from "../../src/model/objects.js";
import { migrateOne, objectFor, remarkIds } from "./apply.js";

const keep = { "x-kubernetes-preserve-unknown-fields": true };
const anything = { openAPIV3Schema: { type: "object", ...keep } };
const base = { group: "acme.example", scope: "Namespaced", names: { plural: "things", kind: "Thing" } };
const served = { served: true, storage: true };
const strict = { openAPIV3Schema: { type: "object", properties: { spec: { type: "object" } } } };
const other = { openAPIV3Schema: { type: "object", description: "other" } };

const table: [name: string, spec: JsonObject, becomes: JsonObject, remarks?: string[]][] = [
  [
    "the smallest: a version, and no schema",
    { group: base.group, names: base.names, version: "v1" },
    { ...base, versions: [{ name: "v1", ...served, schema: anything }] },
    ["crd-without-schema"],
  ],
  [
    "the list of versions counts, and not the version",
    { ...base, version: "v1", versions: [{ name: "v2", ...served }], preserveUnknownFields: null },
    { ...base, versions: [{ name: "v2", ...served, schema: anything }] },
    ["crd-without-schema"],
  ],
  [
    "what was said for all versions is said for each",
    {
      ...base,
      preserveUnknownFields: false,
      versions: [
        { name: "v1", ...served },
        { name: "v2", served: false, storage: false },
      ],
      validation: strict,
      subresources: { status: {} },
      additionalPrinterColumns: [{ name: "Age", type: "date", JSONPath: ".metadata.creationTimestamp", priority: 0 }],
    },
    {
      ...base,
      versions: ["v1", "v2"].map((name) => ({
        name,
        served: name === "v1",
        storage: name === "v1",
        schema: strict,
        subresources: { status: {} },
        additionalPrinterColumns: [{ name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp", priority: 0 }],
      })),
    },
  ],
  [
    "what each version says stays its own",
    {
      ...base,
      preserveUnknownFields: false,
      versions: [
        { name: "v1", ...served, schema: strict, additionalPrinterColumns: [{ name: "A", JSONPath: ".a" }] },
        { name: "v2", schema: other, subresources: { status: {} } },
      ],
    },
    {
      ...base,
      versions: [
        { name: "v1", ...served, schema: strict, additionalPrinterColumns: [{ name: "A", jsonPath: ".a" }] },
        { name: "v2", schema: other, subresources: { status: {} } },
      ],
    },
  ],
  [
    "unknown fields are kept by the schema",
    { ...base, version: "v1", preserveUnknownFields: true, validation: strict },
    {
      ...base,
      versions: [
        {
          name: "v1",
          ...served,
          schema: { openAPIV3Schema: { type: "object", ...keep, properties: { spec: { type: "object", ...keep } } } },
        },
      ],
    },
    ["crd-keeps-unknown-fields"],
  ],
  [
    "a webhook's configuration moves, and its versions are pinned",
    {
      ...base,
      version: "v1",
      preserveUnknownFields: false,
      validation: strict,
      conversion: { strategy: "Webhook", webhookClientConfig: { url: "https://x" } },
    },
    {
      ...base,
      versions: [{ name: "v1", ...served, schema: strict }],
      conversion: {
        strategy: "Webhook",
        webhook: { clientConfig: { url: "https://x" }, conversionReviewVersions: ["v1beta1"] },
      },
    },
  ],
  [
    "no conversion stays none",
    { ...base, version: "v1", preserveUnknownFields: false, validation: strict, conversion: { strategy: "None" } },
    { ...base, versions: [{ name: "v1", ...served, schema: strict }], conversion: { strategy: "None" } },
  ],
];

describe("custom-resource-definition", () => {
  it.each(table)("%s", (_, spec, becomes, remarks = []) => {
    const object = objectFor(migration, { spec });
    expect(migrateOne(migration, object)).toEqual({ ...object, apiVersion: "apiextensions.k8s.io/v1", spec: becomes });
    expect(remarkIds(migration, object)).toEqual(remarks);
  });

  it.each([
    ["acme.k8s.io", {}, "unapproved, was written as v1beta1"],
    ["kubernetes.io", {}, "unapproved, was written as v1beta1"],
    ["acme.k8s.io", { "api-approved.kubernetes.io": "https://x" }, "https://x"],
    ["acme.x-k8s.io", {}, undefined],
  ])("the group %s with %o is approved as %s", (group, annotations, approval) => {
    const spec = { ...base, group, version: "v1", preserveUnknownFields: false, validation: strict };
    const object = objectFor(migration, { metadata: { name: "things", annotations }, spec });
    expect(migrateOne(migration, object).metadata.annotations?.["api-approved.kubernetes.io"]).toBe(approval);
  });
});

/** [name, the schema of spec, what it becomes, what got looser]. A real 1.35 takes all that random ones become. */
const nodes: [name: string, node: JsonObject, becomes: JsonObject, loosened?: string[]][] = [
  ["what says nothing", {}, keep],
  ["a scalar", { type: "string", maxLength: 3 }, { type: "string", maxLength: 3 }],
  ["a list of anything", { type: "array" }, { type: "array", items: keep }],
  ["a map of anything", { type: "object", additionalProperties: true }, { type: "object", ...keep }],
  [
    "a map of objects",
    { type: "object", additionalProperties: { type: "object" } },
    { type: "object", additionalProperties: { type: "object", ...keep } },
  ],
  ["fields of no type", { properties: { a: {} } }, { properties: { a: keep }, ...keep }],
  ["a number or a text", { anyOf: [{ type: "string" }, { type: "integer" }] }, { "x-kubernetes-int-or-string": true }],
  [
    "words under logic",
    { type: "object", oneOf: [{ description: "a", required: ["a"] }] },
    { type: "object", ...keep, oneOf: [{ required: ["a"] }] },
  ],
  [
    "the same type again",
    { type: "object", anyOf: [{ type: "object", required: ["a"] }] },
    { type: "object", ...keep, anyOf: [{ required: ["a"] }] },
  ],
  [
    "a field that only logic knows",
    { type: "object", not: { properties: { a: { minimum: 1 } } } },
    { type: "object", ...keep, properties: { a: keep }, not: { properties: { a: { minimum: 1 } } } },
  ],
  [
    "another type under logic",
    { oneOf: [{ type: "string" }, { type: "object" }], minLength: 1 },
    { ...keep, minLength: 1 },
    ["spec.oneOf"],
  ],
  [
    "one of several that must hold",
    { allOf: [{ minLength: 1 }, { nullable: true }] },
    { ...keep, allOf: [{ minLength: 1 }] },
    ["spec.allOf[1]"],
  ],
  [
    "no other fields, under logic",
    { type: "object", not: { additionalProperties: false } },
    { type: "object", ...keep },
    ["spec.not"],
  ],
  ["an unknown type", { type: "strange" }, keep, ["spec.type"]],
];

describe("structural", () => {
  it.each(nodes)("%s", (_, spec, becomes, loosened = []) => {
    const before = structuredClone(spec);
    const result = structural({ properties: { spec } });
    expect(result.schema).toEqual({ type: "object", ...keep, properties: { spec: becomes } });
    expect(result.loosened).toEqual(loosened);
    expect(spec).toEqual(before);
    // Once structural, it stays as it is.
    expect(structural(result.schema)).toEqual({ schema: result.schema, loosened: [] });
  });

  it("leaves of the metadata what v1 lets a schema restrict", () => {
    const metadata = { properties: { name: { maxLength: 9 }, labels: { type: "object" } }, required: ["name"] };
    const texts = { apiVersion: {}, kind: { enum: ["Thing"] } };
    const result = structural({ nullable: true, additionalProperties: {}, properties: { metadata, ...texts } });
    expect(result.loosened).toEqual(["additionalProperties", "metadata"]);
    expect(result.schema).toEqual({
      type: "object",
      ...keep,
      properties: {
        metadata: { type: "object", properties: { name: { type: "string", maxLength: 9 } } },
        apiVersion: { type: "string" },
        kind: { type: "string", enum: ["Thing"] },
      },
    });
  });
});
