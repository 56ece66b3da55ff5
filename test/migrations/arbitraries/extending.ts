import fc from "fast-check";
import type { JsonObject } from "../../../src/model/objects.js";
import { looseSchema, structuralSchema } from "./schemas.js";
import { labels, selector, some } from "./shared.js";

/** Random valid bodies of the kinds that extend an API server, in their old versions. */

const service = some<unknown>(
  {
    namespace: fc.constant("default"),
    name: fc.constant("hook"),
    path: fc.constantFrom("/", "/convert"),
    port: fc.integer({ min: 1, max: 65535 }),
  },
  ["namespace", "name"],
);
const clientConfig = fc.oneof(
  service.map((service): JsonObject => ({ service })),
  fc.constant<JsonObject>({ url: "https://hook.example.com/a" }),
);

/** Of a group that nobody serves, so that no request of anybody is sent to it. */
const rule = some<unknown>(
  {
    operations: fc.subarray(["CREATE", "UPDATE", "DELETE"], { minLength: 1 }),
    apiGroups: fc.constant(["nobody.example"]),
    apiVersions: fc.constantFrom(["v1"], ["*"]),
    resources: fc.constantFrom(["things"], ["*"], ["things/status"]),
    scope: fc.constantFrom("*", "Namespaced", "Cluster"),
  },
  ["operations", "apiGroups", "apiVersions", "resources"],
);

const webhook = {
  name: fc.constantFrom("pods.acme.example", "things.acme.example", "a.b.c"),
  clientConfig,
  rules: fc.array(rule, { maxLength: 2 }),
  failurePolicy: fc.constantFrom("Ignore", "Fail"),
  matchPolicy: fc.constantFrom("Exact", "Equivalent"),
  namespaceSelector: selector,
  objectSelector: selector,
  sideEffects: fc.constantFrom("Unknown", "None", "Some", "NoneOnDryRun"),
  timeoutSeconds: fc.integer({ min: 1, max: 30 }),
  admissionReviewVersions: fc.constantFrom(["v1beta1"], ["v1", "v1beta1"], ["v2", "v1"]),
};

const webhooks = (fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<JsonObject> =>
  fc.record({
    metadata: some<unknown>({ labels }),
    webhooks: fc.array(some(fields, ["name", "clientConfig"]), { maxLength: 3 }),
  });

export const validatingWebhooks = webhooks(webhook);
export const mutatingWebhooks = webhooks({ ...webhook, reinvocationPolicy: fc.constantFrom("Never", "IfNeeded") });

export const apiService: fc.Arbitrary<JsonObject> = some<unknown>(
  {
    service: some<unknown>(
      { namespace: fc.constant("default"), name: fc.constant("api"), port: fc.integer({ min: 1, max: 65535 }) },
      ["namespace", "name"],
    ),
    insecureSkipTLSVerify: fc.constant(true),
    groupPriorityMinimum: fc.integer({ min: 1, max: 20_000 }),
    versionPriority: fc.integer({ min: 1, max: 1000 }),
  },
  ["service", "groupPriorityMinimum", "versionPriority"],
).map((spec) => ({ spec: { version: "v1", ...spec } }));

const columns = fc.array(
  some<unknown>(
    {
      name: fc.constantFrom("Age", "Phase"),
      type: fc.constantFrom("string", "integer", "date"),
      JSONPath: fc.constantFrom(".metadata.creationTimestamp", ".status.phase"),
      description: fc.constant("ü"),
      priority: fc.nat(2),
      format: fc.constant("int32"),
    },
    ["name", "type", "JSONPath"],
  ),
  { minLength: 1, maxLength: 2 },
);
const scale = { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas" };
const subresources = fc.constantFrom<JsonObject>(
  { status: {} },
  { scale },
  { status: {}, scale: { ...scale, labelSelectorPath: ".status.selector" } },
);

const names = some<unknown>(
  {
    kind: fc.constant("Thing"),
    singular: fc.constantFrom("thing", "one"),
    listKind: fc.constant("ThingList"),
    shortNames: fc.constantFrom([], ["th"]),
    categories: fc.constant(["all"]),
  },
  ["kind"],
);

const single = fc.constantFrom<JsonObject>(
  { version: "v1alpha1" },
  { versions: [{ name: "v1", served: true, storage: true }] },
  { version: "v1", versions: [{ name: "v1", served: true, storage: true }] },
);
const several = fc.constantFrom<JsonObject[]>(
  [
    { name: "v1", served: true, storage: true },
    { name: "v1beta1", served: false, storage: false },
  ],
  [
    { name: "v1", served: true, storage: false },
    { name: "v1beta1", served: true, storage: true },
    { name: "v1alpha1", served: false, storage: false },
  ],
);

const conversion = fc.oneof(
  fc.constant<JsonObject>({ strategy: "None" }),
  some<unknown>({
    webhookClientConfig: clientConfig,
    conversionReviewVersions: fc.constantFrom(["v1"], ["v1beta1", "v1"]),
  }).map((more) => ({ strategy: "Webhook", webhookClientConfig: { url: "https://hook.example.com" }, ...more })),
);

/**
 * The annotations `schema` (structural, loose or none) and `unknown` (kept or pruned) say what the definition is. Where unknown
 * fields are pruned the API server asks for a structural schema already in v1beta1.
 */
const kinds = fc.constantFrom(
  { schema: "structural", unknown: "pruned" },
  { schema: "structural", unknown: "kept" },
  { schema: "loose", unknown: "kept" },
  { schema: "none", unknown: "kept" },
);

export const customResourceDefinition: fc.Arbitrary<JsonObject> = kinds.chain((annotations) => {
  const schema = (annotations.schema === "loose" ? looseSchema : structuralSchema).map((openAPIV3Schema) => ({
    openAPIV3Schema,
  }));
  const pruned = annotations.unknown === "pruned";
  const common = some<unknown>(
    {
      group: fc.constantFrom("acme.example", "acme.k8s.io"),
      scope: fc.constantFrom("Cluster", "Namespaced"),
      names,
      ...(pruned && { conversion }),
      preserveUnknownFields: fc.constant(!pruned),
    },
    ["group", "names", ...(pruned ? ["preserveUnknownFields"] : [])],
  );
  const shared = some<unknown>({ validation: schema, subresources, additionalPrinterColumns: columns }, ["validation"]);
  const one = fc.tuple(
    fc.oneof(
      single,
      several.map((versions): JsonObject => ({ versions })),
    ),
    shared,
  );
  // Parts that all versions share must not stand in each of them.
  const each = several.chain((versions) =>
    fc.tuple(schema, some<unknown>({ subresources, additionalPrinterColumns: columns })).map(([schema, more]) => ({
      versions: versions.map((version, index) => ({
        ...version,
        schema: { openAPIV3Schema: { ...schema.openAPIV3Schema, description: `of ${index}` } },
        ...(index === 0 ? more : {}),
      })),
    })),
  );
  return fc.tuple(common, fc.oneof(one, each)).map(([spec, rest]) => {
    const body = { ...spec, ...(Array.isArray(rest) ? { ...rest[0], ...rest[1] } : rest) } as JsonObject;
    if (annotations.schema === "none") {
      delete body.validation;
      if (Array.isArray(body.versions)) body.versions = body.versions.map(({ schema: _, ...version }) => version);
    }
    return { metadata: { annotations }, spec: body };
  });
});
