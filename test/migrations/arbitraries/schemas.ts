import fc from "fast-check";
import type { JsonObject } from "../../../src/model/objects.js";
import { some } from "./shared.js";

/** Random OpenAPI schemas of custom resources, as apiextensions.k8s.io/v1beta1 takes them. */

const words = { description: fc.constantFrom("a", "ü"), title: fc.constant("t") };

const plain = fc.oneof(
  some<unknown>({ ...words, pattern: fc.constant("^a"), maxLength: fc.nat(9), nullable: fc.boolean() }).map((rest) => ({
    ...rest,
    type: "string",
  })),
  some<unknown>({
    ...words,
    enum: fc.constantFrom(["a", "b"], ["ü"]),
    format: fc.constantFrom("date-time", "byte"),
  }).map((rest) => ({ ...rest, type: "string" })),
  some<unknown>({
    ...words,
    minimum: fc.nat(5),
    maximum: fc.integer({ min: 5, max: 9 }),
    format: fc.constant("int64"),
  }).map((rest) => ({ ...rest, type: "integer" })),
  fc.constant<JsonObject>({ type: "boolean" }),
  fc.constant<JsonObject>({ type: "number", multipleOf: 2, exclusiveMinimum: true, minimum: 1 }),
);

const scalar = fc.oneof(
  plain,
  fc.constant<JsonObject>({ "x-kubernetes-int-or-string": true }),
  fc.constant<JsonObject>({ "x-kubernetes-int-or-string": true, anyOf: [{ type: "integer" }, { type: "string" }] }),
  fc.constant<JsonObject>({ type: "object", "x-kubernetes-preserve-unknown-fields": true }),
);

/** Checks of an object that has the fields a and b. */
const objectChecks = some<unknown>({
  required: fc.constantFrom(["a"], ["a", "b"]),
  oneOf: fc.constant([{ required: ["a"] }, { required: ["b"] }]),
  not: fc.constant({ required: ["c"] }),
  anyOf: fc.constant([{ properties: { a: { enum: ["a"] } } }, { not: { required: ["a"] } }]),
  maxProperties: fc.nat(9),
});

const nodeOf = (scalar: fc.Arbitrary<JsonObject>) =>
  fc.letrec<{ node: JsonObject; object: JsonObject; map: JsonObject; list: JsonObject }>((tie) => ({
    node: fc.oneof({ depthSize: "small", withCrossShrink: true }, scalar, tie("object"), tie("map"), tie("list")),
    object: fc.tuple(tie("node"), scalar, objectChecks, some<unknown>(words)).map(([a, b, checks, rest]) => ({
      ...rest,
      ...checks,
      type: "object",
      properties: { a, b },
    })),
    map: tie("node").map((additionalProperties) => ({ type: "object", additionalProperties })),
    list: fc
      .tuple(tie("node"), some<unknown>({ maxItems: fc.nat(9) }))
      .map(([items, rest]) => ({ ...rest, type: "array", items })),
  })).node;

const root = (node: fc.Arbitrary<JsonObject>, metadata: fc.Arbitrary<JsonObject>, text: fc.Arbitrary<JsonObject>) =>
  some<unknown>({
    description: fc.constant("ü"),
    required: fc.constant(["spec"]),
    properties: some<unknown>({ spec: node, status: node, metadata, apiVersion: text, kind: text }, ["spec"]),
  });

export const structuralSchema: fc.Arbitrary<JsonObject> = root(
  nodeOf(scalar),
  fc.constantFrom<JsonObject>(
    { type: "object" },
    { type: "object", properties: { name: { type: "string", maxLength: 9 } } },
  ),
  fc.constant({ type: "string" }),
).map((schema) => ({ ...schema, type: "object" }));

/** Where a schema isn't structural, v1beta1 took no extension of Kubernetes in it either. */
const node = nodeOf(plain);

/** What v1beta1 took, and isn't structural. */
const odd: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.constantFrom<JsonObject>(
    {},
    { description: "anything" },
    { type: "array" },
    { type: "object", additionalProperties: true },
    { anyOf: [{ type: "string" }, { type: "integer" }] },
    { oneOf: [{ type: "integer" }, { type: "string" }] },
    { oneOf: [{ type: "object", required: ["x"] }, { type: "string" }] },
    { anyOf: [{ properties: { x: { description: "a", minimum: 1 } } }, { required: ["y"] }] },
    { type: "object", anyOf: [{ type: "object", properties: { x: { type: "string" } } }] },
    { type: "object", additionalProperties: { type: "object" }, anyOf: [{ properties: { x: { minimum: 1 } } }] },
    {
      allOf: [
        { description: "a", minLength: 1 },
        { nullable: true, maxLength: 3 },
      ],
    },
    { not: { type: "integer" }, minimum: 1 },
    { type: "object", not: { properties: { metadata: { required: ["x"] } } } },
    { type: "object", properties: { x: {} }, anyOf: [{ properties: { x: { items: { minimum: 1 } } } }] },
    { items: { properties: { y: { type: "string" } } } },
    { type: "strange" },
  ),
  node.map(({ type: _, ...rest }) => rest),
);

export const looseSchema: fc.Arbitrary<JsonObject> = root(
  fc.oneof(
    odd,
    fc.tuple(odd, node).map(([a, b]): JsonObject => ({ type: "object", properties: { a, b } })),
    odd.map((items): JsonObject => ({ type: "array", items })),
    odd.map((a): JsonObject => ({ properties: { a } })),
  ),
  fc.constantFrom<JsonObject>(
    {},
    { description: "a" },
    { properties: { labels: { type: "object" } } },
    { required: ["name"] },
  ),
  fc.constantFrom<JsonObject>({}, { description: "a" }, { enum: ["a"] }),
);
