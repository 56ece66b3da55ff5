import { apiRemovals } from "../../migrations/api-removals.js";
import { hops } from "../../migrations/hops.js";
import { migrations } from "../../migrations/index.js";
import { apiVersionOf } from "../../src/model/objects.js";
import { code, document, head, type Page, table } from "./page.js";

export const migrationsPage: Page = {
  path: "docs/migrations.md",
  render: () =>
    document(
      head("Migrations, removals and hops", "migrations/"),
      [
        "An API server serves each object in every version that it knows. So blue is read in the newest version that green",
        "serves too, and nothing has to be converted. Only where there is no such version one of these migrations applies. Where",
        "there is none either, the plan has a blocker. What stays behind by rule is in [rules](rules.md).",
      ].join("\n"),
      "## Migrations",
      table(
        ["migration", "reads", "writes", "needed from", "what changes, and what is pinned"],
        migrations.map(({ id, from, to, removedIn, summary }) => [
          code(id),
          from.versions.map((version) => `${code(apiVersionOf(from.group, version))} ${from.kind}`).join("\n"),
          to === null ? "nothing" : code(to),
          removedIn,
          summary,
        ]),
      ),
      "## API removals",
      [
        "What API servers stopped serving. The discovery of the two live servers has the last word. Reviews, scales, evictions",
        "and rollbacks are requests, never stored: nothing of them has to move.",
      ].join("\n"),
      table(
        ["gone in", "apiVersion", "kind", "deprecated in", "use instead"],
        apiRemovals.map(({ group, version, kind, deprecatedIn, removedIn, replacement }) => [
          removedIn,
          code(apiVersionOf(group, version)),
          kind,
          deprecatedIn ?? "never said",
          replacement === null ? "no successor" : code(replacement),
        ]),
      ),
      "## Known disruptive steps",
      "The plan names each one between blue's version and green's, so that it is read before anybody starts.",
      ...hops.map(({ id, at, severity, appliesTo, title, why, whatToDo, source }) =>
        [
          `### ${at === null ? "" : `${at}: `}${title}`,
          "",
          `${code(id)}, ${severity}, ${appliesTo === "any" ? "any cluster" : appliesTo}`,
          "",
          why,
          "",
          `**What to do:** ${whatToDo}`,
          "",
          `Source: ${source.replaceAll(/https:\S+/g, "<$&>")}`,
        ].join("\n"),
      ),
    ),
};
