import { describe, expect, it } from "vitest";
import { auditSink } from "../../migrations/audit-sink.js";
import { initializerConfiguration } from "../../migrations/initializer-configuration.js";
import { podPreset } from "../../migrations/pod-preset.js";
import { podSecurityPolicyExtensions } from "../../migrations/pod-security-policy-extensions.js";
import { objectFor } from "./apply.js";

/** What has no successor, and what a person is told. */
describe("dropped", () => {
  it.each([
    [initializerConfiguration, {}, "initializers-have-no-successor", /in the way that web did/],
    [auditSink, { spec: { webhook: {} } }, "audit-sink-no-successor", /no audit events to where web sent blue's/],
    [podPreset, {}, "pod-preset-no-successor", /gave those that it selects\.$/],
    [
      podPreset,
      { spec: { env: [{ name: "A" }], envFrom: [], volumes: null, volumeMounts: [{ name: "v" }] } },
      "pod-preset-no-successor",
      /selects: env, volumeMounts\.$/,
    ],
    [podSecurityPolicyExtensions, { spec: { privileged: true } }, "psp-no-successor", /allows privileged containers/],
  ] as const)("$id", (migration, fields, id, why) => {
    const migrated = migration.migrate(objectFor(migration, fields));
    expect(migrated.result === "drop" && migrated.reason).toMatch(/was removed in 1\.\d+ without a successor/);
    expect(migrated.remarks).toHaveLength(1);
    expect(migrated.remarks?.[0]).toMatchObject({ id, severity: "warning" });
    expect(migrated.remarks?.[0]?.why).toMatch(why);
    expect(migrated.remarks?.[0]?.whatToDo).not.toBe("");
  });
});
