import { describe, expect, it } from "vitest";
import { needsOf, offers, variableOf } from "./needs.js";

const [blue, green, , pulumi] = offers;

const files: Record<string, string> = {
  "/test/a/pure.test.ts": 'import { it } from "vitest";\nimport { plan } from "../../src/plan/plan.js";\n',
  "/test/a/direct.test.ts": `process.env.${variableOf(pulumi)}`,
  "/test/a/helped.test.ts": 'import { server } from "./server.js";\nimport type { T } from "../b/deep.js";\n',
  "/test/a/server.ts": `process.env.${variableOf(blue)}\nimport "x" from "./helped.test.js"`,
  "/test/b/deep.ts": `export { x } from "./deeper.js";`,
  "/test/b/deeper.ts": `process.env.${variableOf(green)}`,
};
const needs = (...names: string[]) => needsOf(names, (file) => files[file] ?? expect.fail(`${file} is read`));

describe("needsOf", () => {
  it.each([
    { names: ["/test/a/pure.test.ts"], expected: [] },
    { names: ["/test/a/direct.test.ts"], expected: [pulumi] },
    { names: ["/test/a/helped.test.ts"], expected: [blue, green] },
    {
      names: ["/test/a/pure.test.ts", "/test/a/helped.test.ts", "/test/a/direct.test.ts"],
      expected: [blue, green, pulumi],
    },
  ])("finds what $names need, also through helpers of helpers", ({ names, expected }) => {
    expect(needs(...names)).toEqual(expected);
  });
});
