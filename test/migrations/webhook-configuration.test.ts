import { describe, expect, it } from "vitest";
import { mutatingWebhookConfiguration } from "../../migrations/mutating-webhook-configuration.js";
import { validatingWebhookConfiguration } from "../../migrations/validating-webhook-configuration.js";
import type { JsonObject } from "../../src/model/objects.js";
import { migrateOne, objectFor, remarkIds } from "./apply.js";

const clientConfig = { service: { namespace: "shop", name: "hook" } };
const name = "pods.acme.example";
const pins = {
  failurePolicy: "Ignore",
  matchPolicy: "Exact",
  timeoutSeconds: 30,
  admissionReviewVersions: ["v1beta1"],
};
const fullest = {
  name,
  clientConfig: { url: "https://hook.example.com", caBundle: "Cg==" },
  rules: [{ operations: ["*"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"], scope: "Namespaced" }],
  failurePolicy: "Fail",
  matchPolicy: "Equivalent",
  timeoutSeconds: 5,
  sideEffects: "None",
  admissionReviewVersions: ["v1", "v1beta1"],
  namespaceSelector: {},
  objectSelector: { matchLabels: { a: "b" } },
  reinvocationPolicy: "IfNeeded",
};

const table: [name: string, webhooks: JsonObject[], become: JsonObject[], remarks?: string[]][] = [
  ["none", [], []],
  [
    "the smallest gets every pin",
    [{ name, clientConfig }],
    [{ name, clientConfig, ...pins, sideEffects: "NoneOnDryRun" }],
    ["webhook-side-effects-assumed"],
  ],
  ["what is said stays", [fullest], [fullest]],
  [
    "null is absent",
    [
      {
        name,
        clientConfig,
        failurePolicy: null,
        timeoutSeconds: null,
        admissionReviewVersions: null,
        sideEffects: "None",
      },
    ],
    [{ name, clientConfig, ...pins, sideEffects: "None" }],
  ],
  [
    "no version is none",
    [{ ...fullest, admissionReviewVersions: [] }],
    [{ ...fullest, admissionReviewVersions: ["v1beta1"] }],
  ],
  [
    "side effects on a dry run can't be said any more",
    [{ ...fullest, sideEffects: "Some" }],
    [{ ...fullest, sideEffects: "NoneOnDryRun" }],
    ["webhook-side-effects-assumed"],
  ],
  [
    "names become unique",
    [fullest, fullest],
    [fullest, { ...fullest, name: "pods-2.acme.example" }],
    ["webhook-names-made-unique"],
  ],
];

describe.each([mutatingWebhookConfiguration, validatingWebhookConfiguration])("$id", (migration) => {
  it.each(table)("%s", (_, webhooks, become, remarks = []) => {
    const object = objectFor(migration, { webhooks });
    const apiVersion = "admissionregistration.k8s.io/v1";
    expect(migrateOne(migration, object)).toEqual({ ...object, apiVersion, webhooks: become });
    expect(remarkIds(migration, object)).toEqual(remarks);
  });

  it("leaves a configuration without webhooks without", () => {
    expect(migrateOne(migration, objectFor(migration))).not.toHaveProperty("webhooks");
  });
});
