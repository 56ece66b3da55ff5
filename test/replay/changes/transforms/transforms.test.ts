import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../../../src/model/objects.js";
import { type TransformSettings, transformOf } from "../../../../src/replay/changes/transforms/index.js";
import { planReplay } from "../../../../src/replay/replay.js";
import { rules } from "../../../../src/replay/rules/index.js";
import { object, resource } from "../../objects.js";

const settings = (name: string, rest: Partial<TransformSettings>): TransformSettings => ({
  name,
  reason: "because",
  select: { namespace: "shop" },
  ...rest,
});
const resources = [resource("v1 ConfigMap"), resource("v1 Secret")];

async function prepared(objects: KubeObject[], ...transforms: TransformSettings[]) {
  const source = {
    kinds: resources.map((each) => ({
      resource: each,
      count: objects.filter(({ kind }) => kind === each.kind).length,
    })),
    async *objects({ kind }: { kind: string }) {
      yield* objects.filter((each) => each.kind === kind);
    },
  };
  const changes = transforms.map((each) => transformOf(each));
  return (await planReplay(source, { migrations: [], rules, changes }, resources)).prepared;
}

const config = object("v1 ConfigMap shop/c", { data: { a: "1" } }, { uid: "c" });
const other = object("v1 ConfigMap other/c", { data: { a: "1" } }, { uid: "o" });

describe("transforms", () => {
  it("are made in their order, each on what the one before it left, and the outcome names them", async () => {
    const { departures, promised } = await prepared(
      [config, other],
      settings("first", { set: { "/metadata/labels/team": "a" } }),
      settings("second", {
        select: { labels: { team: "a" } },
        patch: [{ op: "replace", path: "/data/a", value: "2" }],
      }),
      settings("third", { remove: ["/data/none"] }),
    );
    expect(departures.map(({ object }) => [object.metadata.namespace, object.data, object.metadata.labels])).toEqual([
      ["shop", { a: "2" }, { team: "a" }],
      ["other", { a: "1" }, undefined],
    ]);
    expect([...promised.values()].map(({ changedBy }) => changedBy)).toEqual([["first", "second"], undefined]);
  });

  it("make an object fail by their name where they can't be made, with a blocker, and none after them is made", async () => {
    const { departures, settled, findings } = await prepared(
      [config, other],
      settings("guarded", { patch: [{ op: "test", path: "/data/a", value: "9" }] }),
      settings("after", { set: { "/data/b": "1" } }),
    );
    expect(departures.map(({ source }) => source.namespace)).toEqual(["other"]);
    expect(settled).toEqual([
      {
        object: { group: "", kind: "ConfigMap", namespace: "shop", name: "c" },
        ending: "failed",
        by: "guarded",
        reason: "the transform guarded fails: patch[0] test /data/a: has another value",
        from: "v1",
        changedBy: ["guarded"],
      },
    ]);
    expect(findings).toEqual([
      {
        id: "transform-failed",
        severity: "blocker",
        object: { group: "", kind: "ConfigMap", namespace: "shop", name: "c" },
        why: expect.stringMatching(/guarded.*\/data\/a: has another value/),
        whatToDo: expect.stringContaining("clustershift explain"),
      },
    ]);
  });

  it("don't change what tells an object from others", async () => {
    const { settled } = await prepared(
      [config],
      settings("sly", { set: { "/metadata": { name: "d", namespace: "shop" } } }),
    );
    expect(settled[0]).toMatchObject({ ending: "failed", by: "sly" });
    expect(settled[0]?.reason).toContain("metadata.name");
  });
});
