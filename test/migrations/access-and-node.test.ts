import { describe, expect, it } from "vitest";
import { certificateSigningRequest } from "../../migrations/certificate-signing-request.js";
import { clusterRoleBinding } from "../../migrations/cluster-role-binding.js";
import { roleBinding } from "../../migrations/role-binding.js";
import { runtimeClass } from "../../migrations/runtime-class.js";
import { validatingAdmissionPolicyBinding } from "../../migrations/validating-admission-policy-binding.js";
import type { Migration } from "../../src/model/migration.js";
import type { JsonObject } from "../../src/model/objects.js";
import { migrateOne, objectFor } from "./apply.js";

const rbac = "rbac.authorization.k8s.io";
const roleRef = { apiGroup: rbac, kind: "ClusterRole", name: "view" };
const account = { kind: "ServiceAccount", name: "web", namespace: "shop" };

type Row = [name: string, version: string, fields: JsonObject, become: JsonObject];

const check =
  (migration: Migration, to: string) => (_: string, version: string, fields: JsonObject, become: JsonObject) => {
    const { metadata, kind } = objectFor(migration);
    expect(migrateOne(migration, objectFor(migration, fields, version))).toEqual({
      apiVersion: to,
      kind,
      metadata,
      ...become,
    });
  };

describe.each([roleBinding, clusterRoleBinding])("$id", (migration) => {
  it.each<Row>([
    ["nobody bound", "v1alpha1", { roleRef }, { roleRef }],
    ["null is nobody", "v1alpha1", { roleRef, subjects: null }, { roleRef, subjects: null }],
    [
      "subjects get a group",
      "v1alpha1",
      {
        roleRef,
        subjects: [
          { ...account, apiVersion: "v1" },
          { kind: "User", name: "anna" },
          { kind: "Group", name: "ops", apiVersion: `${rbac}/v1alpha1` },
          { kind: "Robot", name: "r", apiVersion: "acme.example/v2" },
          { kind: "Robot", name: "s" },
        ],
      },
      {
        roleRef,
        subjects: [
          account,
          { kind: "User", name: "anna", apiGroup: rbac },
          { kind: "Group", name: "ops", apiGroup: rbac },
          { kind: "Robot", name: "r", apiGroup: "acme.example" },
          { kind: "Robot", name: "s" },
        ],
      },
    ],
    [
      "the user * is everybody who is logged in",
      "v1alpha1",
      { roleRef, subjects: [{ kind: "User", name: "*" }] },
      { roleRef, subjects: [{ kind: "Group", name: "system:authenticated", apiGroup: rbac }] },
    ],
    [
      "and in v1beta1 a user of that name",
      "v1beta1",
      { roleRef, subjects: [{ kind: "User", name: "*", apiGroup: rbac }, account] },
      { roleRef, subjects: [{ kind: "User", name: "*", apiGroup: rbac }, account] },
    ],
  ])("%s", check(migration, `${rbac}/v1`));
});

describe("runtime-class", () => {
  const overhead = { podFixed: { cpu: "100m" } };
  it.each<Row>([
    ["the smallest alpha", "v1alpha1", { spec: { runtimeHandler: "runsc" } }, { handler: "runsc" }],
    [
      "the fullest alpha",
      "v1alpha1",
      { spec: { runtimeHandler: "kata", overhead, scheduling: { nodeSelector: { a: "b" } } } },
      { handler: "kata", overhead, scheduling: { nodeSelector: { a: "b" } } },
    ],
    ["v1beta1 has no spec", "v1beta1", { handler: "kata", overhead }, { handler: "kata", overhead }],
  ])("%s", check(runtimeClass, "node.k8s.io/v1"));
});

describe("validating-admission-policy-binding", () => {
  it.each<Row>([
    [
      "the first alpha could only deny",
      "v1alpha1",
      { spec: { policyName: "p", paramRef: { name: "x" } } },
      {
        spec: {
          policyName: "p",
          paramRef: { name: "x", parameterNotFoundAction: "Deny" },
          validationActions: ["Deny"],
        },
      },
    ],
    [
      "what a later one says stays",
      "v1alpha1",
      {
        spec: {
          policyName: "p",
          validationActions: ["Warn"],
          paramRef: { name: "x", parameterNotFoundAction: "Allow" },
        },
      },
      {
        spec: {
          policyName: "p",
          validationActions: ["Warn"],
          paramRef: { name: "x", parameterNotFoundAction: "Allow" },
        },
      },
    ],
    [
      "v1beta1 is v1",
      "v1beta1",
      { spec: { policyName: "p", validationActions: ["Audit"] } },
      { spec: { policyName: "p", validationActions: ["Audit"] } },
    ],
  ])("%s", check(validatingAdmissionPolicyBinding, "admissionregistration.k8s.io/v1"));
});

describe("certificate-signing-request", () => {
  const signed = { request: "Cg==", signerName: "kubernetes.io/kube-apiserver-client" };
  it.each<Row>([
    [
      "absent usages are pinned",
      "v1beta1",
      { spec: signed },
      { spec: { ...signed, usages: ["digital signature", "key encipherment"] } },
    ],
    [
      "said ones stay",
      "v1beta1",
      { spec: { ...signed, usages: ["client auth"] } },
      { spec: { ...signed, usages: ["client auth"] } },
    ],
  ])("%s", check(certificateSigningRequest, "certificates.k8s.io/v1"));

  it.each([
    ["no signer", { request: "Cg==" }],
    ["the legacy signer", { ...signed, signerName: "kubernetes.io/legacy-unknown" }],
    ["nothing at all", undefined],
  ])("with %s it is dropped", (_, spec) => {
    const migrated = certificateSigningRequest.migrate(objectFor(certificateSigningRequest, spec ? { spec } : {}));
    expect(migrated).toMatchObject({
      result: "drop",
      reason: expect.stringContaining("takes no request without a signer"),
    });
  });
});
