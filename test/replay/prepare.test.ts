import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Migration } from "../../src/model/migration.js";
import { type KubeObject, refKey, refOf } from "../../src/model/objects.js";
import { account } from "../../src/replay/accounting.js";
import { planReplay, type ReplaySource } from "../../src/replay/replay.js";
import { rules } from "../../src/replay/rules/index.js";
import { clusterResources, clusters, object, resource } from "./objects.js";

/** A source that lists these objects by their kinds. */
function sourceOf(objects: KubeObject[], resources = clusterResources): ReplaySource {
  const of = (kind: string) => objects.filter((object) => object.kind === kind);
  return {
    kinds: resources.map((resource) => ({ resource, count: of(resource.kind).length })),
    async *objects({ kind }) {
      yield* of(kind);
    },
  };
}

const migration = (migrate: Migration["migrate"]): Migration => ({
  id: "old-to-new",
  from: { group: "old.example", kind: "Thing", versions: ["v1"] },
  to: "new.example/v1",
  removedIn: "1.25",
  summary: "",
  migrate,
});
const thing = object("old.example/v1 Thing shop/t", { spec: 1 }, { uid: "t" });
const green = [resource("new.example/v1 Thing"), resource("v1 ConfigMap")];
const planThing = async (migrate: Migration["migrate"], others: KubeObject[] = []) =>
  (
    await planReplay(
      sourceOf([thing, ...others], [resource("old.example/v1 Thing"), resource("v1 ConfigMap")]),
      { migrations: [migration(migrate)], rules, changes: [] },
      green,
    )
  ).prepared;

describe("prepare", () => {
  it("decides over every object once, so that counts add up whatever happens to what departs", async () => {
    await fc.assert(
      fc.asyncProperty(clusters, fc.infiniteStream(fc.boolean()), async (objects, arrives) => {
        const { prepared } = await planReplay(
          sourceOf(objects),
          { migrations: [], rules, changes: [] },
          clusterResources,
        );
        const keys = [...prepared.settled.map(({ object }) => refKey(object)), ...prepared.promised.keys()];
        expect(keys.sort()).toEqual(objects.map((it) => refKey(refOf(it))).sort());
        expect(new Set(prepared.departures.map(({ source }) => refKey(source)))).toEqual(
          new Set(prepared.promised.keys()),
        );

        const ended = [...prepared.promised.values()].map((outcome) =>
          arrives.next().value ? outcome : { ...outcome, ending: "failed" as const },
        );
        const { kinds, total } = account([...prepared.settled, ...ended]);
        for (const { listed, ...endings } of [...Object.values(kinds), total]) {
          expect(Object.values(endings).reduce((sum, count) => sum + count, 0)).toBe(listed);
        }
        expect(total.listed).toBe(objects.length);
      }),
      { numRuns: 50 },
    );
  });

  it("never departs with a reference to what stays behind, and says so", async () => {
    await fc.assert(
      fc.asyncProperty(clusters, async (objects) => {
        const { prepared } = await planReplay(
          sourceOf(objects),
          { migrations: [], rules, changes: [] },
          clusterResources,
        );
        const arriving = new Set(prepared.departures.map(({ uid }) => uid));
        const before = new Map(objects.map((it) => [refKey(refOf(it)), it.metadata.ownerReferences?.length ?? 0]));
        for (const { object, source } of prepared.departures) {
          const left = object.metadata.ownerReferences ?? [];
          for (const { uid } of left) expect(arriving.has(uid)).toBe(true);
          if (left.length < (before.get(refKey(source)) ?? 0)) {
            expect(prepared.promised.get(refKey(source))?.reason).toContain("owner");
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it("says which versions a migrated object was read and written in, and by what", async () => {
    const { promised, departures } = await planThing((it) => ({
      result: "objects",
      objects: [{ ...it, apiVersion: "new.example/v1" }],
    }));
    expect([...promised.values()]).toEqual([
      { object: refOf(thing), ending: "migrated", by: "old-to-new", from: "old.example/v1", to: "new.example/v1" },
    ]);
    expect(departures[0]?.resource.group).toBe("new.example");
  });

  it("points owner references at the version in which the owner arrives", async () => {
    const owned = object(
      "v1 ConfigMap shop/c",
      {},
      {
        ownerReferences: [{ apiVersion: "old.example/v1", kind: "Thing", name: "t", uid: "t" }],
      },
    );
    const { departures } = await planThing(
      (it) => ({ result: "objects", objects: [{ ...it, apiVersion: "new.example/v1" }] }),
      [owned],
    );
    expect(departures[1]?.object.metadata.ownerReferences?.[0]).toMatchObject({
      apiVersion: "new.example/v1",
      uid: "t",
    });
  });

  it("counts a drop by its migration, with what a person should know", async () => {
    const remark = { id: "r", severity: "warning" as const, why: "w", whatToDo: "d" };
    const { settled, findings } = await planThing(() => ({
      result: "drop",
      reason: "no successor",
      remarks: [remark],
    }));
    expect(settled).toEqual([
      { object: refOf(thing), ending: "dropped", by: "old-to-new", reason: "no successor", from: "old.example/v1" },
    ]);
    expect(findings).toEqual([{ ...remark, object: refOf(thing) }]);
  });

  it("fails what a migration turns into something that green doesn't serve, and what nothing leads to", async () => {
    const { settled } = await planThing((it) => ({
      result: "objects",
      objects: [{ ...it, apiVersion: "other.example/v9" }],
    }));
    expect(settled[0]).toMatchObject({ ending: "failed", by: "no-version" });

    const alone = await planReplay(
      sourceOf([thing], [resource("old.example/v1 Thing")]),
      { migrations: [], rules, changes: [] },
      green,
    );
    expect(alone.prepared.settled[0]).toMatchObject({ ending: "failed", by: "no-version" });
  });
});
