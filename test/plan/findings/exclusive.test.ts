import { describe, expect, it } from "vitest";
import type { ObjectRef } from "../../../src/model/objects.js";
import type { PlannedExclusive, PlannedHold } from "../../../src/model/plan.js";
import { type Assessment, type Exclusives, nothingExclusive } from "../../../src/plan/assessment.js";
import { notHeldOnGreen, noWayToStop, startedAgain, writesToBlue } from "../../../src/plan/findings/exclusive.js";
import { actsOnBoth } from "../../../src/plan/findings/held.js";

const ref = (name: string): ObjectRef => ({ group: "apps", kind: "Deployment", namespace: "shop", name });
const planned = (name: string): PlannedExclusive => ({
  object: ref(name),
  rule: "consumers",
  edited: ref(name),
  field: "spec.replicas",
  value: 0,
});
const held = (name: string): PlannedHold => ({ object: ref(name), hold: "consumers", until: "cutover" });
const found = (exclusive: Partial<Exclusives>, parts: Partial<Assessment> = {}) => {
  const assessment = { held: [], objects: [], ...parts, exclusive: { ...nothingExclusive, ...exclusive } };
  return [writesToBlue, noWayToStop, notHeldOnGreen, startedAgain, actsOnBoth]
    .flatMap((assessor) => assessor(assessment as unknown as Assessment))
    .map(({ id, severity, why }) => ({ id, severity, why }));
};
const ids = (findings: { id: string; severity: string }[]) => findings.map(({ id, severity }) => `${severity} ${id}`);

describe("what the plan says of exclusive workloads", () => {
  it("is nothing where none is", () => expect(found({})).toEqual([]));

  it("names the writes to blue, and no longer asks to stop by hand what is handed over", () => {
    const findings = found({ planned: [planned("a")] }, { held: [held("a"), held("b")] });
    expect(ids(findings)).toEqual(["note exclusive-stopped-on-blue", "warning acts-on-both"]);
    expect(findings[0]?.why).toContain("Deployment.apps shop/a");
    expect(findings[1]?.why).toMatch(/^1 object.*shop\/b\.$/);
  });

  it("tells of what nothing on green takes over", () => {
    expect(ids(found({ planned: [planned("a")] }))).toEqual([
      "note exclusive-stopped-on-blue",
      "warning exclusive-not-held",
    ]);
  });

  it.each([
    ["no-way", "blocker exclusive-no-way"],
    ["owned", "blocker exclusive-owned"],
    ["runs-out", "warning exclusive-runs-out"],
  ] as const)("%s: %s", (why, told) => {
    expect(ids(found({ others: [{ object: ref("a"), rule: "r", why, owner: "Kafka main" }] }))).toEqual([told]);
  });

  it("tells what else decides over replicas", () => {
    const argo = { apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata: { name: "shop" } };
    const parts = { held: [held("a")], objects: [argo] };
    expect(ids(found({ planned: [planned("a")], autoscalers: [ref("h")] }, parts))).toEqual([
      "note exclusive-stopped-on-blue",
      "note exclusive-autoscaled",
      "warning exclusive-undone-by-deployer",
    ]);
    expect(ids(found({}, parts))).toEqual(["warning acts-on-both"]);
  });
});
