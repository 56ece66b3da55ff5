import type { Options } from "yargs";
import type { Edges } from "../../edges.js";
import type { ExitCodeName } from "../../model/exit-codes.js";
import type { Progress } from "../../report/progress.js";

/** Options that every command has. */
export interface GlobalArgs {
  config: string;
  run?: string;
  output: "text" | "json";
  logLevel: "quiet" | "info" | "debug";
  debug: boolean;
}

/** What a command gets besides its own options. */
export interface Context {
  args: GlobalArgs;
  edges: Edges;
  progress: Progress;
}

/** What a command answers: the same facts for people and for programs. */
export interface Answer {
  code: ExitCodeName;
  text: string;
  /** Undefined where all of it was printed while the command worked. */
  json: unknown;
}

/** One command: the help, docs/commands.md and the parser are all made from this. */
export interface Command {
  /** `approve`, or `sandbox up`. */
  name: string;
  /** One line for the list of commands. */
  summary: string;
  /** What it does, needs and leaves; whole sentences. */
  description: string;
  options: Record<string, Options & { describe: string }>;
  examples: { command: string; what: string }[];
  /** Positional arguments, in order; all are required unless `optional`. */
  positionals?: { name: string; describe: string; choices?: readonly string[]; optional?: boolean }[];
  run(args: Record<string, unknown>, context: Context): Promise<Answer>;
}

export const dryRunOption = {
  "dry-run": { type: "boolean", default: false, describe: "Print what would be done, and do nothing." },
} as const;

export const forceOptions = {
  force: { type: "string", describe: "Override this one gate, by its name. It is journalled with who and why." },
  reason: { type: "string", describe: "Why the gate is overridden; needed with --force." },
} as const;

export const fromOption = {
  from: {
    type: "array",
    string: true,
    // What follows is another argument, which may be the command's own.
    nargs: 1,
    describe:
      "An archive of blue instead of blue itself: a folder of YAML or JSON, a bundle, Velero's backups/NAME/NAME.tar.gz, or velero:s3://BUCKET[/PREFIX]#BACKUP, read from Velero's object store. Without #BACKUP the backups there are listed; #latest takes the newest that Velero completed. Given more than once, of an object that several have the last named archive's counts, and what only one has is kept.",
  },
} as const;

/** What --from names, in order; undefined where blue itself is meant. */
export function fromOf({ from }: Record<string, unknown>): string[] | undefined {
  return from === undefined ? undefined : [from].flat().map(String);
}
