import { analyseCommand } from "./analyse.js";
import { announceCommand } from "./announce.js";
import { approveCommand } from "./approve.js";
import { backupCreateCommand } from "./backup/create.js";
import { backupListCommand } from "./backup/list.js";
import { backupVerifyCommand } from "./backup/verify.js";
import { cutoverCommand } from "./cutover.js";
import { diffCommand } from "./diff.js";
import { explainCommand } from "./explain.js";
import { exportCommand } from "./export.js";
import { initCommand } from "./init.js";
import { leftoverCommand } from "./leftover.js";
import { migrateCommand } from "./migrate.js";
import { permissionsCommand } from "./permissions.js";
import { planCommand } from "./plan.js";
import { prepareCommand } from "./prepare.js";
import { rehearseCommand } from "./rehearse.js";
import { reportCommand } from "./report.js";
import { rollbackCommand } from "./rollback.js";
import { sandboxDownCommand } from "./sandbox/down.js";
import {
  sandboxBreakCommand,
  sandboxGreenUpCommand,
  sandboxMendCommand,
  sandboxRemoveCommand,
} from "./sandbox/green.js";
import { sandboxStatusCommand } from "./sandbox/status.js";
import { sandboxUpCommand } from "./sandbox/up.js";
import type { Command } from "./shared/command.js";
import { smokeCommand } from "./smoke.js";
import { statusCommand } from "./status.js";
import { teardownCommand } from "./teardown.js";
import { unlockCommand } from "./unlock.js";
import { upCommand } from "./up.js";
import { validateCommand } from "./validate.js";
import { volumesCommand } from "./volumes.js";
import { watchCommand } from "./watch.js";

/** Every command, in the order of a migration's life. Register here. */
export const commands: readonly Command[] = [
  initCommand,
  planCommand,
  explainCommand,
  approveCommand,
  announceCommand,
  upCommand,
  validateCommand,
  exportCommand,
  backupCreateCommand,
  backupVerifyCommand,
  backupListCommand,
  rehearseCommand,
  migrateCommand,
  volumesCommand,
  diffCommand,
  prepareCommand,
  smokeCommand,
  analyseCommand,
  cutoverCommand,
  rollbackCommand,
  leftoverCommand,
  teardownCommand,
  statusCommand,
  watchCommand,
  unlockCommand,
  reportCommand,
  permissionsCommand,
  sandboxUpCommand,
  sandboxStatusCommand,
  sandboxDownCommand,
  sandboxGreenUpCommand,
  sandboxRemoveCommand,
  sandboxMendCommand,
  sandboxBreakCommand,
];
