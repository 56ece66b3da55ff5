import { z } from "zod";
import { configSchema } from "./schema.js";

/** The published JSON Schema of clustershift.yaml, for editors. Written to schema/ by `npm run docs`. */
export function configJsonSchema(): object {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "clustershift.yaml",
    ...z.toJSONSchema(configSchema, { io: "input", unrepresentable: "any" }),
  };
}
