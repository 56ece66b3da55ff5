import { configJsonSchema } from "../../src/config/json-schema.js";
import { document, head, type Page } from "./page.js";
import { children, isMapping, rows, rowsTable, type Schema } from "./schema-rows.js";

export const configurationPage: Page = {
  path: "docs/configuration.md",
  render: () => {
    const schema = configJsonSchema() as Schema;
    const required = schema.required ?? [];
    const groups = Object.entries(schema.properties ?? {});
    const scalars = groups.filter(([, each]) => !isMapping(each));
    return document(
      head("Configuration", "src/config/schema.ts"),
      [
        "Everything that a migration needs to know is in `clustershift.yaml`. `clustershift init` writes a first one. Unknown keys",
        "are errors, and all errors are shown at once, each with its line.",
      ].join("\n"),
      [
        "An editor completes it with the [JSON Schema](../schema/clustershift.schema.json); with the YAML language server by this",
        "first line, and a path or address that leads to it:",
      ].join("\n"),
      "```yaml\n# yaml-language-server: $schema=node_modules/clustershift/schema/clustershift.schema.json\n```",
      [
        "Durations are texts like `500ms`, `90s`, `15m`, `1h30m` and `2d`; times are ISO 8601 with a zone. Paths are relative to",
        "the file itself. `[]` stands for each entry of a list.",
      ].join("\n"),
      "## Top level",
      rowsTable(scalars.flatMap(([name, each]) => rows(name, each, required.includes(name)))),
      ...groups
        .filter(([, each]) => isMapping(each))
        .flatMap(([name, each]) => [
          `## ${name}`,
          [each.description, required.includes(name) ? "Needed." : ""].filter(Boolean).join(" "),
          rowsTable(children(name, each)),
        ]),
    ).replaceAll(/\n{3,}/g, "\n\n");
  },
};
