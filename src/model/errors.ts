import type { BackupDefect } from "./backup.js";
import { type ExitCodeName, exitCodes } from "./exit-codes.js";

/** What went wrong, in the terms of the person who has to mend it. */
export interface Trouble {
  code: ExitCodeName;
  /** What happened, to which file, line or object. One sentence, or one line for each of several errors. */
  what: string;
  /** What to do about it: a sentence, or a command that can be pasted. */
  fix: string;
  /** What lay behind it, e.g. the server's own words. Never holds a secret. */
  cause?: unknown;
  /** What is wrong with a backup, where it is one that can't be used: each defect by itself. */
  defects?: readonly BackupDefect[];
}

/** An error that is the world's and not ours: printed without a stack trace, and it decides the exit code. */
export class UserError extends Error {
  readonly code: ExitCodeName;
  readonly fix: string;
  readonly defects: readonly BackupDefect[] | undefined;

  constructor({ code, what, fix, cause, defects }: Trouble) {
    super(what, cause === undefined ? undefined : { cause });
    this.name = "UserError";
    this.code = code;
    this.fix = fix;
    this.defects = defects;
  }

  get exitCode(): number {
    return exitCodes[this.code].code;
  }
}

/** The words of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
