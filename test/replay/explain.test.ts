import { describe, expect, it } from "vitest";
import { migrations } from "../../migrations/index.js";
import type { KubeObject } from "../../src/model/objects.js";
import { type TransformSettings, transformOf } from "../../src/replay/changes/transforms/index.js";
import { explain } from "../../src/replay/explain.js";
import { planReplay } from "../../src/replay/replay.js";
import { rules } from "../../src/replay/rules/index.js";
import { object, resource } from "./objects.js";

const blue = [
  resource("v1 ConfigMap"),
  resource("v1 Secret"),
  resource("v1 Node", { namespaced: false }),
  resource("policy/v1beta1 PodDisruptionBudget"),
  resource("policy/v1beta1 PodSecurityPolicy", { namespaced: false }),
  resource("old.example/v1 Thing"),
];
const green = [
  resource("v1 ConfigMap"),
  resource("v1 Secret"),
  resource("v1 Node"),
  resource("policy/v1 PodDisruptionBudget"),
];
const transform = (name: string, rest: Partial<TransformSettings>) =>
  transformOf({ name, reason: `why ${name}`, select: { namespace: "shop" }, ...rest });

async function planned(objects: KubeObject[], ...changes: ReturnType<typeof transform>[]) {
  const source = {
    kinds: blue.map((each) => ({ resource: each, count: objects.filter(({ kind }) => kind === each.kind).length })),
    async *objects({ kind }: { kind: string }) {
      yield* objects.filter((each) => each.kind === kind);
    },
  };
  return planReplay(source, { migrations, rules, changes }, green);
}

async function explained(of: KubeObject, ...changes: ReturnType<typeof transform>[]) {
  return explain(of, await planned([of], ...changes), { blue, green });
}

const budget = object(
  "policy/v1beta1 PodDisruptionBudget shop/web",
  { spec: { minAvailable: 1, selector: {} }, status: { currentHealthy: 1 } },
  { uid: "b", labels: { app: "web" } },
);

describe("explain", () => {
  it("goes the way that the replay goes, each step from where the one before it ended", async () => {
    const plan = await planned([budget], transform("team", { set: { "/metadata/labels/team": "a" } }));
    const { version, ways, outcome, rule } = explain(budget, plan, { blue, green });
    expect(rule).toBeUndefined();
    expect(version).toMatchObject({
      blue: ["policy/v1beta1"],
      green: ["policy/v1"],
      readAs: "policy/v1beta1",
      writeAs: "policy/v1",
      path: "migration",
    });
    const [way] = ways;
    expect(way?.steps.map(({ stage, id }) => [stage, id])).toEqual([
      ["migration", "pod-disruption-budget"],
      ["transform", "team"],
      ["strip", "server-metadata"],
      ["strip", "status"],
    ]);
    const ends = way?.steps.map(({ after }) => after) ?? [];
    expect([budget, ...ends.slice(0, -1)]).toEqual(way?.steps.map(({ before }) => before));
    expect(ends.at(-1)).toEqual(way?.written);
    expect(way?.written).toEqual(plan.prepared.departures[0]?.object);
    expect(way?.steps[1]?.changes).toEqual([{ path: "/metadata/labels/team", after: "a" }]);
    expect(way?.steps[3]?.changes).toEqual([{ path: "/status", before: { currentHealthy: 1 } }]);
    expect(outcome).toEqual([...plan.prepared.promised.values()][0]);
  });

  it("names the rule that leaves an object behind, and takes no step after it", async () => {
    const { rule, ways, outcome } = await explained(object("v1 Node n"));
    expect(rule).toMatchObject({ ending: "skipped" });
    expect(rule?.id).toBe(outcome.by);
    expect(ways).toEqual([]);
  });

  it("says where a migration leaves nothing, and what a person should know", async () => {
    const { dropped, ways, outcome } = await explained(object("policy/v1beta1 PodSecurityPolicy p", { spec: {} }));
    expect(dropped?.id).toBe(outcome.by);
    expect(dropped?.reason).toBe(outcome.reason);
    expect(dropped?.remarks.length).toBeGreaterThan(0);
    expect(ways).toEqual([]);
  });

  it("says where no version leads across", async () => {
    const { version, outcome } = await explained(object("old.example/v1 Thing shop/t"));
    expect(version).toMatchObject({ path: "none", writeAs: null, green: [] });
    expect(outcome.ending).toBe("failed");
  });

  it("shows the transform by which an object fails, and nothing that would be written", async () => {
    const { ways } = await explained(
      object("v1 ConfigMap shop/c", { data: { a: "1" } }),
      transform("first", { set: { "/data/b": "2" } }),
      transform("guarded", { patch: [{ op: "test", path: "/data/a", value: "2" }] }),
    );
    expect(ways[0]?.written).toBeUndefined();
    expect(ways[0]?.steps.map(({ id, ends }) => [id, ends?.ending])).toEqual([
      ["first", undefined],
      ["guarded", "failed"],
    ]);
    expect(ways[0]?.steps[1]?.remarks.map(({ id }) => id)).toEqual(["transform-failed"]);
  });

  it("shows what becomes of owners that don't arrive, and of those that are renamed", async () => {
    const owner = object("v1 ConfigMap shop/owner", {}, { uid: "o" });
    const references = [
      { apiVersion: "v1", kind: "ConfigMap", name: "owner", uid: "o" },
      { apiVersion: "v1", kind: "ConfigMap", name: "gone", uid: "g" },
    ];
    const owned = object("v1 ConfigMap shop/owned", {}, { uid: "x", ownerReferences: references });
    const rename = transform("rename", {
      select: { kind: "ConfigMap", namespace: "shop", name: "owner" },
      rename: { name: "owner-2" },
    });
    const { ways, outcome } = explain(owned, await planned([owner, owned], rename), { blue, green });
    const step = ways[0]?.steps.at(-1);
    expect(step?.stage).toBe("owners");
    expect(ways[0]?.written?.metadata.ownerReferences).toEqual([{ ...references[0], name: "owner-2" }]);
    expect(outcome.reason).toContain("ConfigMap gone");
  });

  it("never shows a Secret's values, but says which of them change", async () => {
    const secret = object(
      "v1 Secret shop/s",
      { data: { password: "aHVudGVyMg==", user: "YWRtaW4=" }, stringData: { more: "hunter2" } },
      { uid: "s", annotations: { "kubectl.kubernetes.io/last-applied-configuration": '{"data":"aHVudGVyMg=="}' } },
    );
    const all = await explained(
      secret,
      transform("change", { set: { "/data/password": "c2VjcmV0" } }),
      transform("copy", { patch: [{ op: "copy", from: "/data/user", path: "/metadata/annotations/user" }] }),
    );
    for (const value of ["aHVudGVyMg", "YWRtaW4", "c2VjcmV0", "hunter2"])
      expect(JSON.stringify(all)).not.toContain(value);
    expect(all.ways[0]?.steps[0]?.changes).toEqual([
      { path: "/data/password", before: "(hidden)", after: "(hidden, another value)" },
    ]);
    expect(all.ways[0]?.written?.data).toEqual({ password: "(hidden)", user: "(hidden)" });
  });
});
