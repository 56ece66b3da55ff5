import { notShared, volumeRules } from "../../src/volumes/rules.js";
import { code, document, head, type Page, table } from "./page.js";

export const volumeRulesPage: Page = {
  path: "docs/volume-rules.md",
  render: () =>
    document(
      head("Rules for volumes", "src/volumes/rules.ts"),
      [
        "What becomes of what lies in a claim's volume, where `volumes` in [clustershift.yaml](configuration.md#volumes) says nothing of it. The",
        "first that applies decides, and the plan shows its name beside the claim. What a rule forbids can't be asked for either: the plan has",
        "a blocker then. See [volumes](volumes.md).",
      ].join("\n"),
      table(
        ["rule", "strategy", "why", "forbids"],
        volumeRules.map(({ id, strategy, reason, against = [] }) => [
          code(id),
          code(strategy),
          reason,
          against.map(code).join(", "),
        ]),
      ),
      "## What can't be asked for",
      table(
        ["rule", "why", "forbids"],
        [[code(notShared.id), notShared.reason, (notShared.against ?? []).map(code).join(", ")]],
      ),
    ),
};
