import { describe, expect, it } from "vitest";
import { anchorsOf, linksOf } from "./markdown.js";

describe("linksOf", () => {
  it("finds relative links and pictures, and nothing else", () => {
    const page = [
      '[a](docs/a.md) and ![b](b.svg), [`c`](#c), [d](docs/d.md#x "title")',
      "[far](https://example.com/a) [mail](mailto:a@example.com) `[code](code.md)`",
      "```",
      "[block](block.md)",
      "```",
    ].join("\n");
    expect(linksOf(page)).toEqual(["docs/a.md", "b.svg", "#c", "docs/d.md#x"]);
  });
});

describe("anchorsOf", () => {
  it.each([
    ["## 10 no-plan", "10-no-plan"],
    ["# What must stay true", "what-must-stay-true"],
    ["### `journal.jsonl`", "journaljsonl"],
    ["## Don't, ever!", "dont-ever"],
    ["## [linked](x.md) title", "linked-title"],
  ])("%s", (heading, anchor) => {
    expect(anchorsOf(`${heading}\n`)).toEqual([anchor]);
  });

  it("tells equal headings apart, and sees none in code", () => {
    expect(anchorsOf("# A\n```sh\n# no heading\n```\n# A\n")).toEqual(["a", "a-1"]);
  });
});
