import { describe, expect, it } from "vitest";
import type { Finding } from "../../src/model/finding.js";
import { foldFindings } from "../../src/plan/findings/fold.js";

const finding = (name: string, parts: Partial<Finding> = {}): Finding => ({
  id: "image-registry-retired",
  severity: "warning",
  object: { group: "apps", kind: "Deployment", namespace: "shop", name },
  why: "why",
  whatToDo: "do",
  ...parts,
});

describe("foldFindings", () => {
  it("makes one of what is said in the same words, by the first object and their number, however they come", () => {
    const [a, b, c] = [finding("a"), finding("b"), finding("c", { count: 3 })];
    const folded = { ...a, count: 5 };
    expect(foldFindings([b, c, a])).toEqual([folded]);
    expect(foldFindings([c, a, b])).toEqual([folded]);
  });

  it("keeps apart what differs in a word, and leaves alone what is said once", () => {
    const several = [
      finding("a"),
      finding("b", { why: "other" }),
      finding("c", { severity: "note" }),
      finding("d", { whatToDo: "other" }),
    ];
    expect(foldFindings(several)).toEqual(several);
    expect(foldFindings([])).toEqual([]);
  });
});
