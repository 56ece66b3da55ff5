import { configJsonSchema } from "../../src/config/json-schema.js";
import type { Page } from "./page.js";

export const schemaPage: Page = {
  path: "schema/clustershift.schema.json",
  render: () => `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
};
