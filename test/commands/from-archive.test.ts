import { describe, expect, it } from "vitest";
import type { Context } from "../../src/commands/shared/command.js";
import { bundleOfArchives, doEarlier, type Earlier } from "../../src/commands/shared/from-archive.js";
import type { Project } from "../../src/commands/shared/project.js";
import type { ExitCodeName } from "../../src/model/exit-codes.js";
import { FileJournal } from "../../src/run/journal.js";
import { RunFolder } from "../../src/run/run-folder.js";
import { temporaryFolder } from "../kube/fake-server.js";

describe("what comes before a command that is told --from", () => {
  const context = (lines: string[]) =>
    ({ progress: { line: (text: string) => lines.push(text) } }) as unknown as Context;
  const earlier = (name: string, { done = false, code = "ok" as ExitCodeName, calls = [] as unknown[] }): Earlier => ({
    name,
    isDone: async () => done,
    async work(from) {
      calls.push([name, from]);
      return { code, json: null, text: `${name} ended\nand more` };
    },
  });
  const project = {} as Project;
  const run = new RunFolder("nowhere", "20261128T000000Z");

  it("is done in its order, but for what is done already", async () => {
    const [lines, calls]: [string[], unknown[]] = [[], []];
    const all = [earlier("export", { done: true, calls }), earlier("rehearse", { calls })];
    expect(await doEarlier(all, ["a"], project, run, context(lines))).toBeUndefined();
    expect(calls).toEqual([["rehearse", ["a"]]]);
    expect(lines).toEqual(["rehearse: rehearse ended"]);
  });

  it("ends the command where one of it doesn't end well", async () => {
    const calls: unknown[] = [];
    const all = [earlier("rehearse", { code: "rehearsal-refused" }), earlier("more", { calls })];
    expect(await doEarlier(all, ["a"], project, run, context([]))).toMatchObject({ code: "rehearsal-refused" });
    expect(calls).toEqual([]);
  });

  it("knows of which archives the run's bundle was made, last of all", async () => {
    const folder = new RunFolder(await temporaryFolder(), "20261128T000000Z");
    await folder.write("rehearsal.json", {} as never);
    expect(await bundleOfArchives(["a"], folder)).toBeUndefined();
    const journal = await FileJournal.open(folder.journalPath, () => new Date());
    const exported = (data: object) => journal.append({ type: "event", phase: "export", event: "exported", data });
    await exported({ bundle: "1", from: { path: "a + b" } });
    expect(await bundleOfArchives(["a", "b"], folder)).toBe("1");
    expect(await bundleOfArchives(["b", "a"], folder)).toBeUndefined();
    await exported({ bundle: "2" });
    expect(await bundleOfArchives(["a", "b"], folder)).toBeUndefined();
    await journal.close();
  });
});
