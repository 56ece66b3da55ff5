import { describe, expect, it } from "vitest";
import { confirmByHand } from "../../../src/commands/shared/by-hand.js";
import type { Context } from "../../../src/commands/shared/command.js";
import type { Project } from "../../../src/commands/shared/project.js";

const manual = [{ name: "partner", green: "allow green", blue: "forbid green" }];
const project = { file: "clustershift.yaml", config: { traffic: { manual } } } as unknown as Project;
const task = { name: "partner", task: "allow green" };

function confirmed(
  given: string[],
  ask?: (question: string) => Promise<string>,
  signal = new AbortController().signal,
) {
  const told: string[] = [];
  const edges = { signal, ...(ask && { ask }) };
  const context = { edges, progress: { line: (line: string) => told.push(line) } } as unknown as Context;
  return { told, confirm: confirmByHand({ confirmManual: given }, project, context) };
}

describe("confirmByHand", () => {
  it.each<[string, string[], string | undefined, boolean]>([
    ["the option names it", ["partner"], undefined, true],
    ["she says done", [], "done", true],
    ["she says anything else", [], "y", false],
    ["there is no terminal", [], undefined, false],
  ])("%s", async (_, given, answer, expected) => {
    const asked: string[] = [];
    const ask = async (question: string) => {
      asked.push(question);
      return answer ?? "";
    };
    const { confirm, told } = confirmed(given, answer === undefined ? undefined : ask);
    expect(await confirm(task)).toBe(expected);
    if (answer !== undefined) expect(asked).toEqual([expect.stringContaining("allow green")]);
    // Whoever reads a log finds there what is to be done.
    if (given.length === 0) expect(told).toEqual(["cutover: by hand, partner: allow green"]);
  });

  it("refuses a name that nothing has, before anything is done", () => {
    expect(() => confirmed(["partners"])).toThrow(/--confirm-manual partners/);
  });

  it("takes Ctrl-C at the question as an interruption", async () => {
    const stop = new AbortController();
    const ask = async () => {
      stop.abort();
      throw new Error("aborted");
    };
    await expect(confirmed([], ask, stop.signal).confirm(task)).rejects.toMatchObject({ code: "interrupted" });
  });
});
