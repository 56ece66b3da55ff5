import { describe, expect, it } from "vitest";
import { inNamespace, makeObjects, sourceOf } from "../../bench/objects.js";

describe("makeObjects", () => {
  it("makes the same objects each time, each with a name of its own and the data that was asked for", () => {
    const made = makeObjects(7, 500);
    expect(makeObjects(7, 500)).toEqual(made);
    expect(new Set(made.map(({ object }) => object.metadata.name)).size).toBe(7);
    for (const { object } of made) {
      const [value = ""] = Object.values(object.data as Record<string, string>);
      expect(object.kind === "Secret" ? Buffer.from(value, "base64").length : value.length).toBe(500);
    }
  });

  it("gives a source that lists what it has", async () => {
    const source = sourceOf(inNamespace(makeObjects(7, 10), "there"));
    expect(source.kinds.map(({ resource, count }) => [resource.kind, count])).toEqual([
      ["ConfigMap", 4],
      ["Secret", 3],
    ]);
    for (const { resource, count } of source.kinds) {
      let objects = 0;
      for await (const { kind, metadata } of source.objects(resource)) {
        expect([kind, metadata.namespace]).toEqual([resource.kind, "there"]);
        objects++;
      }
      expect(objects).toBe(count);
    }
  });
});
