import { describe, expect, it } from "vitest";
import { notKnownYet } from "../../src/model/stack-change.js";
import { placesAt, shown, valueAt } from "../../src/provision/paths.js";

const inputs = {
  version: "1.35",
  tags: { "a.b/c": "x" },
  mappings: [{ ebs: { encrypted: "true" } }, { ebs: {} }],
};

describe("paths", () => {
  it.each([
    ["version", "1.35"],
    ['tags["a.b/c"]', "x"],
    ["mappings[0].ebs.encrypted", "true"],
    ["mappings[7].ebs", undefined],
    ["version.deeper", undefined],
  ])("leads %s to its value", (path, value) => {
    expect(valueAt(inputs, path)).toBe(value);
  });

  it("has a place for each member of a star, also where there is nothing at it", () => {
    expect(placesAt(inputs, "mappings[*].ebs.encrypted")).toEqual([
      { path: "mappings[0].ebs.encrypted", value: "true" },
      { path: "mappings[1].ebs.encrypted", value: undefined },
    ]);
    expect(placesAt(inputs, "tags.*")).toEqual([{ path: 'tags["a.b/c"]', value: "x" }]);
    expect(placesAt(inputs, "nothing[*].at")).toEqual([]);
  });

  it.each([
    [undefined, "nothing"],
    [notKnownYet, "not known before it is made"],
    ["text", "text"],
    [["a", 1], '["a",1]'],
    ["x".repeat(200), `${"x".repeat(79)}…`],
  ])("shows %j", (value, words) => {
    expect(shown(value)).toBe(words);
  });
});
