import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareApiVersions } from "../../src/replay/api-priority.js";

const newestFirst = ["v10", "v2", "v1", "v11beta2", "v10beta3", "v3beta1", "v12alpha1", "v11alpha2", "foo1", "foo10"];

describe("compareApiVersions", () => {
  it("is Kubernetes's own order, from any order", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(newestFirst, { minLength: newestFirst.length }), (versions) => {
        expect(versions.sort(compareApiVersions)).toEqual(newestFirst);
      }),
    );
  });
});
