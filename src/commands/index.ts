import { sandboxDownCommand } from "./sandbox/down.js";
import { sandboxGreenUpCommand, sandboxMendCommand, sandboxRemoveCommand } from "./sandbox/green.js";
import { sandboxStatusCommand } from "./sandbox/status.js";
import { sandboxUpCommand } from "./sandbox/up.js";
import type { Command } from "./shared/command.js";

/** Every command, in the order of a migration's life. Register here. */
export const commands: readonly Command[] = [
  sandboxUpCommand,
  sandboxStatusCommand,
  sandboxDownCommand,
  sandboxGreenUpCommand,
  sandboxRemoveCommand,
  sandboxMendCommand,
];
