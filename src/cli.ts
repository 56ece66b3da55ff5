import yargs from "yargs";
import { commands } from "./commands/index.js";
import type { Answer, Command, GlobalArgs } from "./commands/shared/command.js";
import type { Edges } from "./edges.js";
import { stringify } from "./kube/json.js";
import { messageOf, UserError } from "./model/errors.js";
import { exitCodes } from "./model/exit-codes.js";
import { createProgress } from "./report/progress.js";
import { version } from "./version.js";

/** Options that every command has; docs/commands.md lists them once. */
export const globalOptions = {
  config: {
    type: "string",
    requiresArg: true,
    default: "clustershift.yaml",
    describe: "The configuration file.",
  },
  run: { type: "string", requiresArg: true, describe: "Id of the run. Default: the newest." },
  output: {
    choices: ["text", "json"] as const,
    default: "text" as const,
    describe: "Shape of the answer on standard output.",
  },
  "log-level": {
    choices: ["quiet", "info", "debug"] as const,
    default: "info" as const,
    describe: "What goes to standard error.",
  },
  debug: { type: "boolean", default: false, describe: "Show stack traces." },
} as const;

/** Runs one command line; resolves to the exit code, and never throws. */
export async function run(argv: string[], edges: Edges): Promise<number> {
  let chosen: { command: Command; args: Record<string, unknown> } | undefined;
  const parser = build(argv, (command, args) => {
    chosen = { command, args };
  });
  let usage: string | undefined;
  let help = "";
  try {
    await parser.parseAsync(argv, {}, (_error: unknown, _argv: unknown, text: string) => {
      help = text;
    });
  } catch (error) {
    usage = messageOf(error);
  }
  if (usage === undefined && !chosen) {
    if (help) edges.stdout.write(`${help}\n`);
    return help ? exitCodes.ok.code : exitCodes.usage.code;
  }
  if (!chosen) {
    const wantsJson = argv.join(" ").includes("--output json") || argv.includes("--output=json");
    const trouble = new UserError({ code: "usage", what: usage ?? "", fix: helpFor(argv) });
    return printTrouble(trouble, wantsJson ? "json" : "text", false, edges);
  }
  return execute(chosen.command, chosen.args, edges);
}

/** The help that tells what would have been right: of the command that was begun, or of all. */
function helpFor(argv: readonly string[]): string {
  const [first = "", second = ""] = argv;
  const begun = commands.find(({ name }) => name === first || name === `${first} ${second}`)?.name;
  const group = commands.some(({ name }) => name.startsWith(`${first} `)) ? first : undefined;
  return ["clustershift", begun ?? group, "--help"].filter((word) => word !== undefined).join(" ");
}

function build(argv: string[], choose: (command: Command, args: Record<string, unknown>) => void) {
  let parser = yargs(argv)
    .scriptName("clustershift")
    .usage("$0 <command>\n\nMoves production from one Kubernetes cluster (blue) to a new one (green), and back.")
    .options(globalOptions)
    .strict()
    .demandCommand(1, "Say which command; `clustershift --help` lists them.")
    .recommendCommands()
    .parserConfiguration({ "parse-numbers": false })
    .version(version)
    .help()
    .wrap(110)
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new Error(message);
    });
  const groups = new Set<string>();
  for (const command of commands) {
    const [group = "", ...words] = command.name.split(" ");
    if (words.length === 0) parser = parser.command(moduleOf(command, choose));
    if (words.length === 0 || groups.has(group)) continue;
    groups.add(group);
    const members = commands.filter(({ name }) => name.startsWith(`${group} `));
    parser = parser.command(
      group,
      `${members.map(({ name }) => name.slice(group.length + 1)).join(", ")}: see \`clustershift ${group} --help\``,
      (inner) => {
        let nested = inner;
        for (const member of members) nested = nested.command(moduleOf(member, choose));
        return nested.demandCommand(1, `Say which: clustershift ${group} --help lists them.`);
      },
    );
  }
  return parser;
}

function moduleOf(command: Command, choose: (command: Command, args: Record<string, unknown>) => void) {
  const words = (command.positionals ?? []).map(({ name, optional }) => (optional ? `[${name}]` : `<${name}>`));
  return {
    command: [command.name.split(" ").at(-1), ...words].join(" "),
    describe: command.summary,
    builder: (inner: ReturnType<typeof yargs>) => {
      let built = inner
        .usage(`clustershift ${[command.name, ...words].join(" ")}\n\n${command.description}`)
        .options(withValues(command.options));
      for (const { name, optional: _optional, ...rest } of command.positionals ?? [])
        built = built.positional(name, { type: "string", ...rest });
      for (const { command: line, what } of command.examples) built = built.example(line, what);
      return built;
    },
    handler: (args: Record<string, unknown>) => choose(command, args),
  };
}

/** `--by` without a name is a slip, and no empty name. */
function withValues(options: Command["options"]): Command["options"] {
  const given = Object.entries(options).map(([name, option]) => {
    const takesValue = option.type === "string" || option.type === "array";
    // Told how many values an option takes, yargs asks for them by itself.
    return [name, takesValue && option.nargs === undefined ? { ...option, requiresArg: true } : option] as const;
  });
  return Object.fromEntries(given);
}

/** Of two values one would silently be left out, so neither is taken. */
function refuseTwice(command: Command, args: Record<string, unknown>): void {
  const names = [...Object.keys(globalOptions), ...Object.keys(command.options)];
  const twice = names.find((name) => command.options[name]?.type !== "array" && Array.isArray(args[name]));
  if (!twice) return;
  const what = `--${twice} is given more than once.`;
  throw new UserError({ code: "usage", what, fix: `Give it once: clustershift ${command.name} --help` });
}

async function execute(command: Command, args: Record<string, unknown>, edges: Edges): Promise<number> {
  const globals = args as unknown as GlobalArgs;
  const progress = createProgress(edges.stderr, { terminal: edges.terminal, level: globals.logLevel, now: edges.now });
  try {
    refuseTwice(command, args);
    const answer = await command.run(args, { args: globals, edges, progress });
    progress.end();
    printAnswer(answer, globals.output, edges);
    return exitCodes[answer.code].code;
  } catch (error) {
    progress.end();
    return printTrouble(troubleOf(error, edges), globals.output, globals.debug, edges);
  }
}

function printAnswer(answer: Answer, output: GlobalArgs["output"], edges: Edges): void {
  if (output === "json" && answer.json === undefined) return;
  const text = output === "json" ? stringify({ outcome: answer.code, ...(answer.json as object) }, 2) : answer.text;
  if (text) edges.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

/** The one place where anything thrown becomes an exit code and words. */
function troubleOf(error: unknown, edges: Edges): UserError {
  if (error instanceof UserError) return error;
  if (edges.signal.aborted) {
    return new UserError({
      code: "interrupted",
      what: "Stopped between two steps; everything done so far is recorded.",
      fix: "Run the same command again to go on, or `clustershift status` to see where it stands.",
      cause: error,
    });
  }
  return new UserError({
    code: "internal",
    what: `Unexpected: ${messageOf(error)}`,
    fix: "Run it again with --debug and report what it prints. Nothing is assumed to have happened: `clustershift status`.",
    cause: error,
  });
}

function printTrouble(trouble: UserError, output: GlobalArgs["output"], debug: boolean, edges: Edges): number {
  if (output === "json") {
    const { code, message: what, fix } = trouble;
    edges.stdout.write(
      `${JSON.stringify({ outcome: code, error: { code, exitCode: trouble.exitCode, what, fix } }, null, 2)}\n`,
    );
  } else {
    edges.stderr.write(`error (${trouble.code}): ${trouble.message}\n  -> ${trouble.fix}\n`);
  }
  if (debug) {
    const cause = trouble.cause instanceof Error ? trouble.cause : trouble;
    edges.stderr.write(`${cause.stack ?? ""}\n`);
  }
  return trouble.exitCode;
}
