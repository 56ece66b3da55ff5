import { rules } from "../../src/replay/rules/index.js";
import { perClusterKind } from "../../src/replay/rules/per-cluster-kinds.js";
import { tolerances } from "../../src/replay/tolerances.js";
import { code, document, head, type Page, table } from "./page.js";

export const rulesPage: Page = {
  path: "docs/rules.md",
  render: () =>
    document(
      head("Rules", "src/replay/rules/ and src/replay/tolerances.ts"),
      [
        "Each object of blue is copied, unless one of these rules says otherwise. The first that applies decides, the team's own",
        "(`replay.skip` in [clustershift.yaml](configuration.md#replay)) before all of these. The accounting shows the rule's",
        "name beside each object that wasn't simply copied.",
      ].join("\n"),
      table(
        ["rule", "ends as", "kinds", "why"],
        rules.map(({ id, ending, kinds, reason }) => [
          code(id),
          ending,
          kinds === undefined ? "any" : kinds.length > 6 ? "see below" : kinds.map(code).join("\n"),
          reason,
        ]),
      ),
      "## Kinds that stay with their cluster",
      table(
        ["kind", "why"],
        perClusterKinds().map(({ kind, why }) => [code(kind), why]),
      ),
      "## Differences that parity declares",
      [
        "Parity compares what was sent with what green has. These differences are as they should be; they're counted by name.",
        "Any other difference fails the check.",
      ].join("\n"),
      table(
        ["difference", "why it is none"],
        tolerances.map(({ id, reason }) => [code(id), reason]),
      ),
    ),
};

function perClusterKinds(): { kind: string; why: string }[] {
  const kinds = rules.flatMap(({ kinds }) => kinds ?? []).filter((kind, index, all) => all.indexOf(kind) === index);
  return kinds.flatMap((key) => {
    const [kind = key, ...group] = key.split(".");
    const why = perClusterKind({ kind, group: group.join(".") });
    return why === undefined ? [] : [{ kind: key, why }];
  });
}
