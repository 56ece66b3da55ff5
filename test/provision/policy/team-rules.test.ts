import { describe, expect, it } from "vitest";
import type { TeamRule } from "../../../src/model/policy.js";
import { violations } from "../../../src/provision/policy/index.js";
import { change } from "../samples.js";

const type = "acme:thing/box:Box";
const box = change(type, { size: 5, name: "box-1", lids: ["red", "blue"], tags: {} });
const why = (rule: Partial<TeamRule> & Pick<TeamRule, "property" | "must">) =>
  violations([box], { off: [], rules: [{ id: "ours", type, reason: "The auditors asked.", ...rule }] }).map(
    ({ property, why }) => `${property}: ${why}`,
  );

describe("a team's own rules", () => {
  it.each<[string, TeamRule["must"], string[]]>([
    ["size", { be: [5, 6] }, []],
    ["size", { be: ["5"] }, ["size: it is 5, and must be 5: The auditors asked"]],
    ["size", { notBe: [5] }, ["size: it is 5, and must not be 5: The auditors asked"]],
    ["name", { like: "box-*" }, []],
    ["name", { like: "crate-*" }, ["name: it is box-1, and must be like crate-*: The auditors asked"]],
    ["name", { notLike: "*-1" }, ["name: it is box-1, and must not be like *-1: The auditors asked"]],
    ["lids[*]", { be: ["red"] }, ["lids[1]: it is blue, and must be red: The auditors asked"]],
    ["lids[*]", { notLike: "green*" }, []],
    ["owner", { exist: true }, ["owner: it is nothing, and must be there: The auditors asked"]],
    ["tags.*", { exist: true }, ["tags.*: it is nothing, and must be there: The auditors asked"]],
    ["owner", { exist: false }, []],
    ["owner", { like: "*" }, ["owner: it is nothing, and must be like *: The auditors asked"]],
    ["size", { exist: false }, ["size: it is 5, and must not be there: The auditors asked"]],
  ])("hold %s to %j", (property, must, expected) => {
    expect(why({ property, must })).toEqual(expected);
  });

  it("are about types by a pattern, and not about what goes", () => {
    const must = { exist: true };
    expect(why({ type: "acme:*", property: "owner", must })).toHaveLength(1);
    expect(why({ type: "acme:other/*", property: "owner", must })).toEqual([]);
    const gone = change(type, undefined, { kind: "delete", before: {} });
    const rules = [{ id: "ours", type, property: "owner", must, reason: "said" }];
    expect(violations([gone], { off: [], rules })).toEqual([]);
  });
});
