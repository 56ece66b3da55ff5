import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { BackedUpPod } from "../../../src/model/backed-up-claim.js";
import { isObject } from "../../../src/model/json.js";
import type { JsonObject } from "../../../src/model/objects.js";
import { claimName } from "../../../src/model/volumes.js";
import { groupsOf, restoreOf } from "../../../src/volumes/velero/group.js";
import { modifiersOf } from "../../../src/volumes/velero/modifiers.js";
import { backedUp, planned } from "./claims.js";

const files = (name: string, labels: Record<string, string> = {}) =>
  backedUp("shop", name, { method: "files", labels });
/** A Pod that mounts these claims, and of which the backup has the files of all. */
const pod = (name: string, claims: string[], parts: Partial<BackedUpPod> = {}): BackedUpPod => ({
  ...{ namespace: "shop", name, labels: { pod: name }, claims, initContainers: [], hooked: false },
  volumes: claims.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })),
  ...parts,
});
const named = { name: "r", namespace: "velero", backup: "nightly", run: "run" };

describe("claims whose files lie in Pods", () => {
  it("come by a Restore of their own, with the Pods and by the Pods' labels", () => {
    const due = [planned("shop", "db"), planned("shop", "cloud")];
    const claims = [files("db", { pod: "db-0" }), backedUp("shop", "cloud", { labels: { app: "cloud" } })];
    const pods = [pod("db-0", ["db"]), pod("web", [], { volumes: [] })];
    const { groups, refused } = groupsOf(due, [], { name: "nightly", claims, pods });
    expect([...refused]).toEqual([]);
    expect(groups.map(({ id, claims: its }) => [id, its.map(claimName)])).toEqual([
      ["shop+pods", ["shop/db"]],
      ["shop", ["shop/cloud"]],
    ]);
    const [first, second] = groups.map((group) => restoreOf(group, named).spec as JsonObject);
    expect(first).toMatchObject({
      includedResources: ["pods", "persistentvolumeclaims", "persistentvolumes"],
      resourceModifier: { kind: "ConfigMap", name: "r" },
      orLabelSelectors: [{ matchLabels: { pod: "db-0" } }],
    });
    expect(second).not.toHaveProperty("resourceModifier");
  });

  it.each<[string, BackedUpPod[], RegExp]>([
    ["has none of these Pods", [pod("web-0", [])], /no Pod with its files: its volume was empty/],
    ["has a Pod that Velero gives a container more", [pod("db-0", ["db"], { hooked: true })], /db-0 has a hook/],
    ["has a Pod without labels", [pod("db-0", ["db"], { labels: {} })], /db-0 has no labels/],
    ["has a Pod that brings another claim", [pod("db-0", ["db", "other"])], /shop\/other would come too/],
    [
      "has a Pod whose labels choose another Pod with another claim",
      [pod("db-0", ["db"], { labels: { app: "x" } }), pod("b", ["other"], { labels: { app: "x", tier: "b" } })],
      /shop\/other would come too/,
    ],
    ["has a Pod whose labels choose another claim", [pod("db-0", ["db"], { labels: { pod: "o" } })], /shop\/other/],
  ])("refuse one that %s", (_, pods, why) => {
    const claims = [files("db"), files("other", { pod: "o" })];
    const { groups, refused } = groupsOf([planned("shop", "db")], [], { name: "nightly", claims, pods });
    expect(groups).toEqual([]);
    expect(refused.get("shop/db")).toMatch(why);
  });

  it("don't fill one again that green has", () => {
    const [db, other] = [planned("shop", "db"), planned("shop", "other")];
    const backup = { name: "nightly", claims: [files("db"), files("other")], pods: [pod("db-0", ["db", "other"])] };
    expect(groupsOf([db], [other], backup).refused.get("shop/db")).toMatch(/other would be filled again/);
    expect(groupsOf([db, other], [], backup).groups).toHaveLength(1);
  });

  it("never bring a claim that isn't meant, by whatever Pods and labels", () => {
    const names = ["c0", "c1", "c2", "c3", "c4"];
    const labels = fc.dictionary(fc.constantFrom("app", "tier"), fc.constantFrom("a", "b"));
    const world = fc.record({
      claims: fc.tuple(...names.map(() => fc.record({ labels, wanted: fc.boolean() }))),
      pods: fc.array(fc.record({ labels, mounts: fc.subarray(names) }), { maxLength: 6 }),
    });
    fc.assert(
      fc.property(world, ({ claims, pods: drawn }) => {
        const all = claims.map((each, index) => files(`c${index}`, each.labels));
        const pods = drawn.map((each, index) => pod(`p${index}`, each.mounts, { labels: each.labels }));
        const due = claims.flatMap(({ wanted }, index) => (wanted ? [planned("shop", `c${index}`)] : []));
        const { groups, refused } = groupsOf(due, [], { name: "nightly", claims: all, pods });
        expect(groups.flatMap((group) => group.claims).length + refused.size).toBe(due.length);
        for (const group of groups) {
          const isChosen = (its: Readonly<Record<string, string>>) =>
            group.labels?.some((asked) => Object.entries(asked).every(([key, value]) => its[key] === value));
          const coming = pods.filter((each) => isChosen(each.labels));
          const comes = new Set([
            ...coming.flatMap((each) => each.claims),
            ...all.filter((each) => isChosen(each.labels)).map(({ name }) => name),
          ]);
          expect([...comes].sort()).toEqual(group.claims.map(({ claim }) => claim.name).sort());
          expect(group.pods?.map(({ name }) => name).sort()).toEqual(coming.map(({ name }) => name).sort());
        }
      }),
    );
  });
});

describe("what makes such Pods harmless", () => {
  const rules = (pods: BackedUpPod[], claims = [planned("shop", "db")]): JsonObject[] => {
    const map = modifiersOf({ id: "shop+pods", from: "shop", to: "store", claims, methods: ["files"], pods }, named);
    expect(map.metadata).toEqual({ name: "r", namespace: "velero" });
    return (parse((map.data as Record<string, string>)["pods.yaml"] ?? "") as { resourceModifierRules: JsonObject[] })
      .resourceModifierRules;
  };
  /** What Velero makes of a Pod by them: RFC 7386, one patch after another. */
  const patched = (live: JsonObject, rule: JsonObject | undefined): JsonObject =>
    ((rule?.mergePatches ?? []) as { patchData: string }[]).reduce<JsonObject>(
      (so, { patchData }) => merge(so, JSON.parse(patchData)) as JsonObject,
      live,
    );
  const merge = (target: unknown, patch: unknown): unknown => {
    if (!isObject(patch)) return patch;
    const merged: JsonObject = isObject(target) ? { ...target } : {};
    for (const [field, value] of Object.entries(patch))
      if (value === null) delete merged[field];
      else merged[field] = merge(merged[field], value);
    return merged;
  };
  const live: JsonObject = {
    metadata: {
      ...{ name: "db-0", namespace: "shop", labels: { app: "db" }, finalizers: ["acme.dev/x"] },
      annotations: { "post.hook.restore.velero.io/command": "[]" },
    },
    spec: {
      ...{ nodeSelector: { "kops.k8s.io/instancegroup": "data" }, serviceAccountName: "db", hostNetwork: true },
      ...{ tolerations: [{ key: "data" }], securityContext: { fsGroup: 999 }, restartPolicy: "Never" },
      containers: [{ name: "db", image: "acme/db" }, { name: "sidecar" }],
      volumes: [
        { name: "db", persistentVolumeClaim: { claimName: "db" } },
        { name: "secret", secret: {} },
      ],
    },
  };

  it("is of each Pod by its whole name, as blue's namespace has it", () => {
    const its = rules([pod("db.main-0", ["db"]), pod("db.main-01", ["db"])]);
    const found = its.map(({ conditions }) => conditions as Record<string, string>);
    expect(found[0]).toMatchObject({ groupResource: "pods", namespaces: ["shop"] });
    const matches = (name: string) =>
      found.filter(({ resourceNameRegex = "" }) => new RegExp(resourceNameRegex).test(name));
    expect(["db.main-0", "db.main-01", "dbxmain-0", "a-db.main-0"].map((name) => matches(name).length)).toEqual([
      1, 1, 0, 0,
    ]);
  });

  it("leaves of the workload nothing that runs, is sent to or is controlled, and of its volumes those with files", () => {
    expect(patched(live, rules([pod("db-0", ["db"])])[0])).toEqual({
      metadata: { name: "db-0", namespace: "shop" },
      spec: {
        containers: [expect.objectContaining({ name: "idle" })],
        volumes: [{ name: "db", persistentVolumeClaim: { claimName: "db" } }],
        ...{ tolerations: [{ key: "data" }], securityContext: { fsGroup: 999 } },
        ...{ automountServiceAccountToken: false, restartPolicy: "Always", terminationGracePeriodSeconds: 1 },
      },
    });
  });

  it("puts it into the zone that the plan gives to its claim, and onto no node of blue's besides", () => {
    const claims = [{ ...planned("shop", "db"), zone: { from: "eu-central-1a", to: "eu-central-1b" } }];
    const { spec } = patched(live, rules([pod("db-0", ["db"])], claims)[0]);
    expect((spec as JsonObject).nodeSelector).toEqual({ "topology.kubernetes.io/zone": "eu-central-1b" });
  });

  it("takes away each init container of its own by name, and no other", () => {
    const patches = (initContainers: string[]) =>
      ((rules([pod("db-0", ["db"], { initContainers })])[1]?.strategicPatches ?? []) as { patchData: string }[]).map(
        ({ patchData }) => JSON.parse(patchData) as JsonObject,
      );
    expect(patches([])).toEqual([]);
    const gone = ["migrate", "chown"].map((name) => ({ $patch: "delete", name }));
    expect(patches(["migrate", "chown"])).toEqual([{ spec: { initContainers: gone } }]);
  });
});
