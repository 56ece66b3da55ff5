import { describe, expect, it } from "vitest";
import { podDisruptionBudget } from "../../migrations/pod-disruption-budget.js";
import { migrateOne, objectFor, remarkIds } from "./apply.js";

const key = "pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match";
const matchNone = { matchExpressions: [{ key, operator: "Exists" }] };

const table: { name: string; selector: unknown; becomes: unknown; remarks?: string[] }[] = [
  {
    name: "an empty selector still selects nothing",
    selector: {},
    becomes: matchNone,
    remarks: ["pdb-selects-nothing"],
  },
  {
    name: "a selector of empty parts is empty",
    selector: { matchLabels: {}, matchExpressions: [] },
    becomes: matchNone,
    remarks: ["pdb-selects-nothing"],
  },
  {
    name: "null parts are empty",
    selector: { matchLabels: null },
    becomes: matchNone,
    remarks: ["pdb-selects-nothing"],
  },
  {
    name: "v1beta1's form of match-all is empty in v1",
    selector: { matchExpressions: [{ key, operator: "DoesNotExist" }] },
    becomes: {},
  },
  {
    name: "match-all with labels is not match-all",
    selector: { matchLabels: { app: "a" }, matchExpressions: [{ key, operator: "DoesNotExist" }] },
    becomes: { matchLabels: { app: "a" }, matchExpressions: [{ key, operator: "DoesNotExist" }] },
  },
  { name: "labels stay", selector: { matchLabels: { app: "a" } }, becomes: { matchLabels: { app: "a" } } },
  {
    name: "expressions stay",
    selector: { matchExpressions: [{ key: "app", operator: "In", values: ["a"] }] },
    becomes: { matchExpressions: [{ key: "app", operator: "In", values: ["a"] }] },
  },
  { name: "a null selector selects nothing in both", selector: null, becomes: null },
];

describe("pod-disruption-budget", () => {
  it.each(table)("$name", ({ selector, becomes, remarks = [] }) => {
    const object = objectFor(podDisruptionBudget, { spec: { selector, minAvailable: "50%" } });
    expect(migrateOne(podDisruptionBudget, object)).toEqual({
      ...object,
      apiVersion: "policy/v1",
      spec: { selector: becomes, minAvailable: "50%" },
    });
    expect(remarkIds(podDisruptionBudget, object)).toEqual(remarks);
  });

  it("leaves an absent selector and an absent spec absent", () => {
    const object = objectFor(podDisruptionBudget, { spec: { maxUnavailable: 1 } });
    expect(migrateOne(podDisruptionBudget, object).spec).toEqual({ maxUnavailable: 1 });
    expect(migrateOne(podDisruptionBudget, objectFor(podDisruptionBudget))).not.toHaveProperty("spec");
  });
});
