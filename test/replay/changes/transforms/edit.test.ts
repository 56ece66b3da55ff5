import { describe, expect, it } from "vitest";
import { withoutValues, withValues } from "../../../../src/replay/changes/transforms/edit.js";
import { object } from "../../objects.js";

const pod = object("v1 Pod shop/p", {
  spec: { containers: [{ name: "a", image: "x" }, { name: "b" }], tolerations: [] },
});

describe("set", () => {
  it("makes the mappings on the way, and replaces what is there", () => {
    const after = withValues(pod, {
      "/metadata/labels/acme.example~1team": "shop",
      "/spec/containers/0/image": "y",
      "/spec/tolerations/-": { operator: "Exists" },
    });
    expect(after.metadata.labels).toEqual({ "acme.example/team": "shop" });
    expect(after.spec).toEqual({
      containers: [{ name: "a", image: "y" }, { name: "b" }],
      tolerations: [{ operator: "Exists" }],
    });
    expect(pod.metadata.labels).toBeUndefined();
  });

  it.each([
    ["/spec/containers/3", "/spec/containers/3: the list has 2 entries"],
    ["/spec/containers/2/image", "/spec/containers/2/image: there is no mapping or list at /spec/containers/2"],
    ["/kind/x", "/kind/x: there is no mapping or list at /kind"],
  ])("refuses %s", (pointer, message) => {
    expect(() => withValues(pod, { [pointer]: 1 })).toThrow(message);
  });
});

describe("remove", () => {
  it("takes off what is there, and passes over what isn't", () => {
    const after = withoutValues(pod, [
      "/spec/tolerations",
      "/spec/none/deeper",
      "/spec/containers/9",
      "/metadata/labels/x",
    ]);
    expect(after.spec).toEqual({ containers: [{ name: "a", image: "x" }, { name: "b" }] });
  });

  it("means the entries by the places that they had, in whatever order they are named", () => {
    const many = object("v1 ConfigMap shop/c", { list: ["a", "b", "c", "d", { x: 1, y: 2 }] });
    for (const pointers of [
      ["/list/0", "/list/2", "/list/4/x"],
      ["/list/4/x", "/list/2", "/list/0"],
      ["/list/2", "/list/4/x", "/list/0"],
    ])
      expect(withoutValues(many, pointers).list).toEqual(["b", "d", { y: 2 }]);
  });
});
