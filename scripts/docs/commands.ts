import { globalOptions } from "../../src/cli.js";
import { commands } from "../../src/commands/index.js";
import type { Command } from "../../src/commands/shared/command.js";
import { code, document, head, type Page, shell, table } from "./page.js";

type Options = Record<string, OptionFacts>;

/** What yargs is told of an option, as far as it is shown. */
interface OptionFacts {
  type?: string | undefined;
  choices?: unknown;
  array?: boolean | undefined;
  alias?: unknown;
  default?: unknown;
  demandOption?: unknown;
  describe?: string | undefined;
}

export const commandsPage: Page = {
  path: "docs/commands.md",
  render: () =>
    document(
      head("Commands", "src/commands/"),
      "In the order of a migration's life. Each ends with one of the [exit codes](exit-codes.md).",
      table(
        ["command", "what it does"],
        commands.map(({ name, summary }) => [`[${code(name)}](#${anchor(name)})`, summary]),
      ),
      "## Options of every command",
      optionsTable(globalOptions),
      ...commands.map(section),
    ),
};

function section({ name, description, options, positionals = [], examples }: Command): string {
  const words = positionals.map((each) => (each.optional ? `[${each.name}]` : `<${each.name}>`));
  return document(
    `## ${name}`,
    shell(`clustershift ${[name, ...words].join(" ")}${Object.keys(options).length > 0 ? " [options]" : ""}`),
    description,
    positionals.length > 0
      ? table(
          ["argument", "what"],
          positionals.map(({ name, describe, choices }) => [
            code(name),
            choices ? `${describe} One of ${choices.map(code).join(", ")}.` : describe,
          ]),
        )
      : "",
    Object.keys(options).length > 0 ? optionsTable(options) : "",
    examples.length > 0 ? shell(examples.map(exampleLine).join("\n")) : "",
  ).replaceAll(/\n{3,}/g, "\n\n");
}

function optionsTable(options: Options): string {
  return table(
    ["option", "value", "default", "what"],
    Object.entries(options).map(([name, facts]) => [
      [`--${name}`, ...aliases(facts)].map(code).join(", "),
      kindOfValue(facts),
      facts.demandOption ? "needed" : defaultOf(facts),
      facts.describe ?? "",
    ]),
  );
}

function aliases({ alias }: OptionFacts): string[] {
  const names = Array.isArray(alias) ? alias : alias === undefined ? [] : [alias];
  return names.map((name) => `${String(name).length === 1 ? "-" : "--"}${String(name)}`);
}

function kindOfValue({ type, choices, array }: OptionFacts): string {
  if (Array.isArray(choices)) return choices.map((choice) => code(String(choice))).join(", ");
  if (type === "array" || array) return "string, repeatable";
  return type === "boolean" ? "" : (type ?? "string");
}

function defaultOf({ default: value, type }: OptionFacts): string {
  const nothing = value === undefined || (type === "boolean" && value === false);
  if (nothing || (Array.isArray(value) && value.length === 0)) return "";
  return code(typeof value === "string" ? value : JSON.stringify(value));
}

function anchor(name: string): string {
  return name.replaceAll(" ", "-");
}

function exampleLine({ command, what }: Command["examples"][number]): string {
  return what === "" ? command : `${command}   # ${what}`;
}
