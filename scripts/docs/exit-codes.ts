import { exitCodes } from "../../src/model/exit-codes.js";
import { code, document, head, type Page, table } from "./page.js";

export const exitCodesPage: Page = {
  path: "docs/exit-codes.md",
  render: () =>
    document(
      head("Exit codes", "src/model/exit-codes.ts"),
      [
        "A code's number and name are a promise: none is ever renumbered or used for something else. With `--output json` the",
        "name is the answer's `outcome`. What to do for each is in the [runbook](runbook.md).",
      ].join("\n"),
      [
        "1 to 9 and 130 are of the world around; 10 to 28 are gates that refused, before anything was done; 30 to 37 say how",
        "something that was done has ended.",
      ].join("\n"),
      table(
        ["code", "name", "meaning"],
        Object.entries(exitCodes).map(([name, { code: number, meaning }]) => [
          `${number}`,
          `[${code(name)}](runbook.md#${number}-${name})`,
          meaning,
        ]),
      ),
    ),
};
