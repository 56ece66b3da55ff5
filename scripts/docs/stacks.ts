import { z } from "zod";
import { eksOutputsSchema, foundationStackSchema } from "../../stacks/outputs.js";
import { clusterSchema } from "../../stacks/settings/cluster-schema.js";
import { foundationSchema } from "../../stacks/settings/foundation-settings.js";
import { document, head, type Page, table } from "./page.js";
import { rows, rowsTable, type Schema } from "./schema-rows.js";

export const foundationStackPage: Page = stackPage({
  kind: "foundation",
  source: "stacks/settings/foundation-settings.ts and stacks/outputs.ts",
  inputs: foundationSchema,
  outputs: foundationStackSchema,
});

export const clusterStackPage: Page = stackPage({
  kind: "cluster",
  source: "stacks/settings/cluster-schema.ts and stacks/outputs.ts",
  inputs: clusterSchema,
  outputs: eksOutputsSchema,
});

interface StackPage {
  kind: "foundation" | "cluster";
  source: string;
  inputs: z.ZodType;
  outputs: z.ZodType;
}

/** A stack's page: what it is told, and what it tells. */
function stackPage({ kind, source, inputs, outputs }: StackPage): Page {
  return {
    path: `docs/stack-${kind}.md`,
    render: () =>
      document(
        head(`The ${kind} stack`, source),
        [
          `What a ${kind} stack is told, below \`clustershift:${kind}\` of Pulumi.<stack>.yaml, and what it tells when it is up.`,
          "[Stacks](stacks.md) says what they are for, and what they cost. A wrong input is refused before any resource is made,",
          "naming the key; unknown keys are errors. `[]` stands for each entry of a list.",
        ].join("\n"),
        "## Inputs",
        // A foundation's outputs are on its own page.
        rowsTable(rowsOf(inputs, "input").filter(([key]) => !key.startsWith("`foundation."))),
        "## Outputs",
        table(
          ["key", "type", "what"],
          // All of them are there once a stack is up.
          rowsOf(outputs, "output").map(([key, type, , what]) => [key, type, what]),
        ),
      ),
  };
}

function rowsOf(schema: z.ZodType, io: "input" | "output"): ReturnType<typeof rows> {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io, unrepresentable: "any" }) as Schema;
  return Object.entries(properties).flatMap(([name, each]) => rows(name, each, required.includes(name)));
}
