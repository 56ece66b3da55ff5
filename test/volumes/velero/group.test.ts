import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BackedUpClaim } from "../../../src/model/backed-up-claim.js";
import { claimName } from "../../../src/model/volumes.js";
import { restoreName } from "../../../src/volumes/velero/attempts.js";
import { groupsOf, restoreOf } from "../../../src/volumes/velero/group.js";
import { backedUp, planned } from "./claims.js";

const backup = (...claims: BackedUpClaim[]) => ({ name: "nightly", claims, pods: [] });

describe("restores by Velero", () => {
  it("are one for each namespace, without labels where all of it is to come", () => {
    const due = [planned("shop", "a"), planned("shop", "b"), planned("data", "a", { namespace: "store", name: "a" })];
    const all = backup(backedUp("shop", "a"), backedUp("shop", "b", { method: "csi" }), backedUp("data", "a"));
    const { groups, refused } = groupsOf(due, [], all);
    expect([...refused]).toEqual([]);
    expect(groups.map(({ id, labels, methods }) => ({ id, labels, methods }))).toEqual([
      { id: "shop", labels: undefined, methods: ["native", "csi"] },
      { id: "data>store", labels: undefined, methods: ["native"] },
    ]);
    const named = { name: "r", namespace: "velero", backup: "nightly", run: "run" };
    const [shop, store] = groups.map((group) => restoreOf(group, named).spec as Record<string, unknown>);
    expect(shop).toMatchObject({ includedNamespaces: ["shop"], existingResourcePolicy: "none", restorePVs: true });
    expect(shop?.includedResources).toContain("volumesnapshots.snapshot.storage.k8s.io");
    expect(store).toMatchObject({
      namespaceMapping: { data: "store" },
      includedResources: ["persistentvolumeclaims", "persistentvolumes"],
    });
  });

  it.each([
    ["isn't in the backup", [], /has no such claim/],
    ["has no data there", [backedUp("shop", "a", { method: undefined as never })], /definition alone/],
    [
      "was left out",
      [backedUp("shop", "a", { lacks: "Velero left its volume out: by policy" })],
      /left its volume out: by policy/,
    ],
    ["is files of Pods that it hasn't", [backedUp("shop", "a", { method: "files" })], /no Pod with its files/],
  ])("refuse a claim that %s", (_, claims, why) => {
    const { groups, refused } = groupsOf([planned("shop", "a")], [], backup(...claims));
    expect(groups).toEqual([]);
    expect(refused.get("shop/a")).toMatch(why);
  });

  it("refuse a claim that has another name on green", () => {
    const due = [planned("shop", "a", { namespace: "shop", name: "b" })];
    expect(groupsOf(due, [], backup(backedUp("shop", "a"))).refused.get("shop/b")).toMatch(/called b on green/);
  });

  it("choose by labels where others must not come, and refuse what labels don't tell apart", () => {
    const due = [planned("shop", "db"), planned("shop", "web"), planned("shop", "bare")];
    const claims = [
      backedUp("shop", "db", { labels: { app: "db", tier: "data" } }),
      backedUp("shop", "web", { labels: { app: "web" } }),
      backedUp("shop", "cache", { labels: { app: "web", tier: "cache" } }),
      backedUp("shop", "bare"),
    ];
    const { groups, refused } = groupsOf(due, [], backup(...claims));
    expect(groups.map(({ claims: its, labels }) => [its.map(claimName), labels])).toEqual([
      [["shop/db"], [{ app: "db", tier: "data" }]],
    ]);
    expect(refused.get("shop/web")).toMatch(/shop\/cache would come too/);
    expect(refused.get("shop/bare")).toMatch(/would come too/);
  });

  it("may meet what this run has restored already, by snapshots of the cloud and under the same name alone", () => {
    const [first, second] = [planned("shop", "data-0"), planned("shop", "data-1")];
    const native = backup(backedUp("shop", "data-0"), backedUp("shop", "data-1"));
    expect(groupsOf([second], [first], native).groups).toHaveLength(1);
    const csi = backup(backedUp("shop", "data-0", { method: "csi" }), backedUp("shop", "data-1"));
    expect(groupsOf([second], [first], csi).refused.get("shop/data-1")).toMatch(/shop\/data-0/);
    const moved = planned("shop", "data-1", { namespace: "store", name: "data-1" });
    expect(groupsOf([moved], [first], native).refused.get("store/data-1")).toMatch(/shop\/data-0/);
  });

  it("never bring a claim that isn't meant", () => {
    const labels = fc.dictionary(fc.constantFrom("app", "tier"), fc.constantFrom("a", "b"));
    const world = fc.array(fc.record({ labels, wanted: fc.boolean() }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(world, (claims) => {
        const all = claims.map((each, index) => backedUp("shop", `c${index}`, { labels: each.labels }));
        const due = claims.flatMap(({ wanted }, index) => (wanted ? [planned("shop", `c${index}`)] : []));
        const { groups, refused } = groupsOf(due, [], backup(...all));
        expect(groups.flatMap((group) => group.claims).length + refused.size).toBe(due.length);
        for (const group of groups) {
          const meant = group.claims.map(({ claim }) => claim.name);
          const comes = all.filter(
            (each) =>
              group.labels?.some((asked) =>
                Object.entries(asked).every(([key, value]) => each.labels[key] === value),
              ) ?? true,
          );
          expect(comes.map(({ name }) => name).sort()).toEqual(meant.sort());
        }
      }),
    );
  });

  it("have names that Velero can put into labels, each its own", () => {
    const named = (id: string, from: string, to: string, attempt = 1) =>
      restoreName("20261128T010000Z", { id, from, to, claims: [], methods: [] }, attempt);
    const names = [
      ...[named("shop", "shop", "shop"), named("shop", "shop", "shop", 2), named("a>b-c", "a", "b-c")],
      ...[named("a-b>c", "a-b", "c"), named("n".repeat(60), "n".repeat(60), "n".repeat(60), 12)],
    ];
    expect(names[0]).toBe("clustershift-20261128t010000z-shop-1");
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])$/);
  });
});
