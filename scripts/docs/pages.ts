import { changesPage } from "./changes.js";
import { commandsPage } from "./commands.js";
import { configurationPage } from "./configuration.js";
import { exitCodesPage } from "./exit-codes.js";
import { migrationsPage } from "./migrations.js";
import type { Page } from "./page.js";
import { permissionsPage } from "./permissions.js";
import { policyPage } from "./policy.js";
import { rulesPage } from "./rules.js";
import { schemaPage } from "./schema.js";
import { clusterStackPage, foundationStackPage } from "./stacks.js";
import { volumeRulesPage } from "./volume-rules.js";

/** Every file that is made from the code. Register here. */
export const pages: readonly Page[] = [
  changesPage,
  commandsPage,
  configurationPage,
  exitCodesPage,
  migrationsPage,
  permissionsPage,
  policyPage,
  rulesPage,
  volumeRulesPage,
  schemaPage,
  foundationStackPage,
  clusterStackPage,
];
