import { describe, expect, it } from "vitest";
import type { HoldEnd } from "../../../src/model/held.js";
import type { KubeObject } from "../../../src/model/objects.js";
import type { PlannedHold } from "../../../src/model/plan.js";
import { type Assessment, nothingExclusive } from "../../../src/plan/assessment.js";
import { actsOnBoth, heldJobs, heldUntilTeardown, holdsUndone } from "../../../src/plan/findings/held.js";

const hold = (name: string, until: HoldEnd, by = "cron-jobs"): PlannedHold => ({
  object: { group: "apps", kind: "Deployment", namespace: "shop", name },
  hold: by,
  until,
});
const found = (parts: Partial<Pick<Assessment, "held" | "objects" | "archive" | "exclusive">>) => {
  const assessment = { held: [], objects: [], exclusive: nothingExclusive, ...parts } as unknown as Assessment;
  return [actsOnBoth, heldUntilTeardown, heldJobs, holdsUndone].flatMap((assessor) => assessor(assessment));
};
const custom = (apiVersion: string, kind: string, spec: object = {}): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name: "one", namespace: "shop" },
  spec,
});

describe("what the plan says of holds", () => {
  it("is nothing where nothing is held", () => {
    expect(found({ objects: [custom("argoproj.io/v1alpha1", "Application")] })).toEqual([]);
  });

  it.each<[string, PlannedHold, string[]]>([
    ["until cutover", hold("a", "cutover"), ["acts-on-both"]],
    ["until teardown", hold("a", "teardown"), ["held-until-teardown"]],
    ["for a person", hold("a", "person"), ["held-for-you"]],
  ])("names what is held %s", (_, held, ids) => {
    const findings = found({ held: [held] });
    expect(findings.map(({ id }) => id)).toEqual(ids);
    for (const { object, count, severity } of findings)
      expect({ object, count, severity }).toEqual({ object: held.object, count: 1, severity: "warning" });
    expect(findings[0]?.why).toContain("Deployment.apps shop/a");
  });

  it("names a dozen, and counts the rest", () => {
    const held = Array.from({ length: 15 }, (_, index) => hold(`n${index}`, "cutover"));
    const [finding] = found({ held });
    expect(finding?.count).toBe(15);
    expect(finding?.why).toMatch(/shop\/n11 and 3 more\.$/);
  });

  it("says nothing of a blue that isn't there", () => {
    const archive = { kind: "folder", path: "x", takenAt: null, versionBy: "" } as const;
    expect(found({ held: [hold("a", "cutover"), hold("b", "teardown", "external-dns")], archive })).toMatchObject([
      { id: "held-until-teardown" },
    ]);
  });

  it.each([
    ["Argo CD", custom("argoproj.io/v1alpha1", "Application"), "hold-undone-by-deployer"],
    ["Flux", custom("kustomize.toolkit.fluxcd.io/v1", "Kustomization"), "hold-undone-by-deployer"],
    ["KEDA", custom("keda.sh/v1alpha1", "ScaledObject", { scaleTargetRef: { name: "a" } }), "hold-undone-by-scaler"],
  ])("warns of %s, which knows of no hold", (_, object, id) => {
    expect(found({ held: [hold("a", "person")], objects: [object] }).map((finding) => finding.id)).toContain(id);
  });

  it("lets KEDA scale what isn't held", () => {
    const other = custom("keda.sh/v1alpha1", "ScaledObject", { scaleTargetRef: { name: "other" } });
    expect(found({ held: [hold("a", "person")], objects: [other] })).toMatchObject([{ id: "held-for-you" }]);
  });
});
