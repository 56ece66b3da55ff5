import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { migrations } from "../../migrations/index.js";
import type { KubeObject } from "../../src/model/objects.js";

/** Names of fields that migrations look at, so that random objects reach into them. */
const FIELDS = [
  ...["spec", "selector", "matchLabels", "matchExpressions", "key", "operator", "metrics", "type", "resource"],
  ...["containerResource", "pods", "object", "external", "target", "metricName", "targetValue", "targetAverageValue"],
  ...["averageValue", "targetAverageUtilization", "limited", "assuredConcurrencyShares", "nominalConcurrencyShares"],
  ...["backend", "serviceName", "servicePort", "rules", "http", "paths", "pathType", "endpoints", "topology"],
  ...[
    "nodeName",
    "kubernetes.io/hostname",
    "topology.kubernetes.io/zone",
    "privileged",
    "volumes",
    "runAsUser",
    "rule",
  ],
  ...[
    "template",
    "metadata",
    "labels",
    "strategy",
    "rollingUpdate",
    "updateStrategy",
    "rollbackTo",
    "templateGeneration",
  ],
  ...["webhooks", "name", "sideEffects", "admissionReviewVersions", "subjects", "apiVersion", "kind", "signerName"],
  ...["validation", "openAPIV3Schema", "schema", "versions", "version", "conversion", "webhookClientConfig"],
  ...["properties", "items", "additionalProperties", "anyOf", "not", "nullable", "preserveUnknownFields"],
  ...["eventTime", "deprecatedSource", "deprecatedCount", "deprecatedLastTimestamp", "series", "reason", "action"],
];

const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { depthSize: "medium", withCrossShrink: true },
    fc.constantFrom(null, true, 0, 1, 30, "", "0", "http", "80", "Exists", "Normal", "n1", "*"),
    fc.array(tie("json"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...FIELDS), tie("json"), { maxKeys: 6, noNullPrototype: true }),
  ),
}));

const body = fc.dictionary(fc.constantFrom(...FIELDS), json, { maxKeys: 8, noNullPrototype: true });
const annotations = fc.dictionary(
  fc.constantFrom(
    "autoscaling.alpha.kubernetes.io/behavior",
    "flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares",
  ),
  fc.constantFrom("", "{}", '{"ScaleUp":{"SelectPolicy":"Max"}}', "broken"),
);

const runs = { numRuns: 50 };

const unknownMetadata = {
  generateName: "web-",
  x: { y: [1] },
  labels: { a: "b" },
  finalizers: ["f"],
  ownerReferences: [],
};
const lastApplied = { "kubectl.kubernetes.io/last-applied-configuration": '{"apiVersion":"old/v1beta1"}' };

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) for (const field of Object.values(value)) frozen(field);
  return Object.freeze(value);
}

// Those that change the version only have a test of that: index.test.ts.
describe.each(migrations.filter(({ summary }) => summary !== "Only the version changes."))("$id", (migration) => {
  const object = fc.tuple(body, annotations, fc.constantFrom(...migration.from.versions)).map(
    ([fields, more, version]): KubeObject => ({
      ...fields,
      apiVersion: `${migration.from.group}/${version}`,
      kind: migration.from.kind,
      metadata: { name: "web", ...unknownMetadata, annotations: { ...more, ...lastApplied } },
      unknownField: { kept: true },
    }),
  );

  it("never changes its argument, whatever its shape, and gives the same for the same", () => {
    fc.assert(
      fc.property(object, (input) => {
        const before = structuredClone(input);
        const first = migration.migrate(frozen(input));
        expect(input).toStrictEqual(before);
        expect(migration.migrate(before)).toStrictEqual(first);
      }),
      runs,
    );
  });

  it("keeps unknown fields, metadata and foreign annotations, and writes the version that it declares", () => {
    fc.assert(
      fc.property(object, (input) => {
        const migrated = migration.migrate(input);
        if (migration.to === null) expect(migrated.result).toBe("drop");
        for (const output of migrated.result === "objects" ? migrated.objects : []) {
          expect(output.apiVersion).toBe(migration.to);
          expect(output.kind).toBe(migration.from.kind);
          expect(output.metadata).toMatchObject({ name: "web", ...unknownMetadata, annotations: lastApplied });
          expect(output.unknownField).toEqual({ kept: true });
          // What we hand on must survive being written: no undefined, which JSON drops.
          expect(JSON.parse(JSON.stringify(output))).toStrictEqual(output);
        }
      }),
      runs,
    );
  });
});
