import { describe, expect, it } from "vitest";
import { commands } from "../../src/commands/index.js";
import { emptyPlace } from "./place.js";

describe("help", () => {
  it.each(commands)("of $name has its description, its options and examples that can be run", async (command) => {
    const place = await emptyPlace();
    const { code, stdout } = await place.run([...command.name.split(" "), "--help"]);
    expect(code).toBe(0);
    const words = (text: string) => text.replace(/\s+/g, " ");
    expect(words(stdout)).toContain(words(command.description));
    for (const [name, { describe: meaning }] of Object.entries(command.options)) {
      expect(stdout).toContain(`--${name}`);
      expect(words(stdout)).toContain(words(meaning).slice(0, 30));
    }
    for (const { name } of command.positionals ?? []) expect(stdout).toContain(name);
    for (const option of ["--config", "--run", "--output", "--log-level", "--debug"]) expect(stdout).toContain(option);
    expect(command.examples.length).toBeGreaterThanOrEqual(1);
    // Examples stand in a column, so that a long one is broken somewhere.
    for (const example of command.examples)
      for (const word of example.command.split(" ")) expect(stdout).toContain(word);
    expect(command.summary).toMatch(/^[A-Z].*\.$/);
  });

  it("of everything lists the commands in the order of a migration's life", async () => {
    const { code, stdout } = await (await emptyPlace()).run(["--help"]);
    expect(code).toBe(0);
    const listed = [...stdout.matchAll(/^ {2}clustershift (\w+)/gm)].map(([, name]) => name);
    expect(listed).toEqual([...new Set(commands.map(({ name }) => name.split(" ")[0]))]);
  });

  it("has no example that the parser refuses", async () => {
    for (const { examples } of commands) {
      for (const { command } of examples) {
        const line = command.split(" | ")[0] ?? "";
        const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
        const { stderr } = await (await emptyPlace()).run([...words.slice(1), "--help"]);
        expect({ command, stderr }).toEqual({ command, stderr: "" });
      }
    }
  });
});
