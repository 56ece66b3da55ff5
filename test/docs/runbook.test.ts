import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type ExitCodeName, exitCodes } from "../../src/model/exit-codes.js";
import { openTestAws } from "../aws/moto.js";
import { emptyPlace } from "../cli/place.js";
import { openWorkshop, type Workshop } from "../proofs/unsafe/workshop.js";
import { faults, faultsElsewhere } from "./runbook/faults.js";
import { commandsOf, namedCommands, namedRowsOf, sectionsOf, toDoOf } from "./runbook/read.js";
import { elsewhere, type Reproduction, reproductions, type Stage } from "./runbook/reproductions.js";

const runbook = readFileSync(fileURLToPath(new URL("../../docs/runbook.md", import.meta.url)), "utf8");
const sections = sectionsOf(runbook);
const rows = sections.filter(({ title }) => title === "While it moves").flatMap(namedRowsOf);
const ends = sections.flatMap((section) => (section.exit ? [{ ...section, ...section.exit }] : []));

describe("the runbook's commands", () => {
  const all = [...new Set(commandsOf(runbook).map((words) => JSON.stringify(words)))].map(
    (words) => JSON.parse(words) as string[],
  );

  it("are found", () => {
    expect(all.length).toBeGreaterThan(30);
    expect(all).toContainEqual(["rollback", "--force", "run-finished", "--reason", "…"]);
  });

  it.each(all.map((words) => [words.join(" "), words] as const))("clustershift %s is one", async (_, words) => {
    const argv = words[0] === "COMMAND" ? ["cutover", ...words.slice(1)] : words;
    // A configuration is the first thing that any of them asks for, and there is none: it was parsed, with its arguments.
    const { code, stdout, stderr } = await (await emptyPlace()).run(argv);
    // Those that need none say something else, which is no slip of the command line either.
    if (argv[0] === "init") return expect(stderr).toContain("--context CONTEXT");
    const needsNone = argv.includes("--help") || argv.join(" ").startsWith("permissions aws ");
    const asked = needsNone ? exitCodes.ok.code : exitCodes["config-invalid"].code;
    expect({ code, said: stdout + stderr }).toEqual({ code: asked, said: expect.any(String) });
  });
});

describe("the runbook's sections", () => {
  it("for each exit code are in the order of their numbers, chapter by chapter", () => {
    const chapters = runbook.split(/^## /m).map((chapter) => sectionsOf(chapter.replace(/^/, "## ")));
    for (const chapter of chapters) {
      const codes = chapter.flatMap(({ exit }) => (exit ? [exit.code] : []));
      expect(codes).toEqual([...codes].sort((a, b) => a - b));
    }
  });

  it.each(ends)("$title is reproduced by this test, or it says why not", ({ name }) => {
    const known = [...Object.keys(reproductions), ...Object.keys(elsewhere)];
    const todo = `add "${name}" to reproductions in test/docs/runbook/reproductions.ts: how it comes about, and what the section's commands do then`;
    expect(known.includes(name), todo).toBe(true);
  });

  it("are there for all that is reproduced, and nothing is both", () => {
    const names = ends.map(({ name }) => name);
    expect([...Object.keys(reproductions), ...Object.keys(elsewhere)].sort()).toEqual([...names].sort());
  });

  it.each([
    ...ends.flatMap(({ title, name, text }) => {
      const reproduction = reproductions[name as ExitCodeName];
      return reproduction ? [{ title, told: toDoOf({ text }), reproduction }] : [];
    }),
    ...rows.flatMap(({ name, last }) => {
      const reproduction = faults[name];
      return reproduction ? [{ title: name, told: last, reproduction }] : [];
    }),
  ])("$title: what stands in for a placeholder stands in for one", ({ told, reproduction: { runs = {} } }) => {
    const commands = new Set(commandsOf(told).map((words) => words.join(" ")));
    expect(Object.keys(runs).filter((command) => !commands.has(command))).toEqual([]);
    const open = [...commands].filter((command) => /[A-Z]{2,}|…/.test(command) && !(command in runs));
    expect(open, "say in its runs, in test/docs/runbook/, what is typed for these").toEqual([]);
  });

  it("of faults while it moves are all tried by this test, or it says why not", () => {
    const names = rows.map(({ name }) => name);
    expect(names.length).toBeGreaterThan(5);
    const todo = "faults in test/docs/runbook/faults.ts has each row of the runbook's table";
    expect([...Object.keys(faults), ...Object.keys(faultsElsewhere)].sort(), todo).toEqual([...names].sort());
  });
});

const emulator = await openTestAws();
const missing = "missing" in emulator ? ` (skipped: ${emulator.missing})` : "";

describe.skipIf(missing !== "")(`in the night${missing}`, () => {
  let workshop: Workshop;
  let server: Server;
  let status = 200;

  beforeAll(async () => {
    if (!("front" in emulator)) return;
    server = createServer((_request, response) => response.writeHead(status).end("ok"));
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    const url = `http://app.runbook.example:${port}/`;
    const judge = "v=0; [ -e verdict ] && read v < verdict; exit $v";
    workshop = await openWorkshop(emulator.front, {
      name: "runbook.example",
      config: { smoke: { checks: [{ kind: "http", name: "app answers", url, address: "127.0.0.1" }] } },
      traffic: { analysis: [{ kind: "command", name: "judge", run: ["/bin/sh", "-c", judge] }] },
    });
  }, 120_000);
  afterEach(async () => {
    status = 200;
    if (!("front" in emulator)) return;
    emulator.front.faults.length = 0;
    for (const cluster of clusters) cluster.reset();
    await workshop.world.reset();
  });
  afterAll(async () => {
    server?.close();
    await workshop?.close();
    if ("front" in emulator) await emulator.close();
  });
  const clusters: Stage["blue"][] = [];

  const open = async (): Promise<Stage> => {
    if (!("front" in emulator)) throw new Error(emulator.missing);
    const scene = await workshop.openScene();
    clusters.splice(0, clusters.length, scene.blue, scene.green);
    return {
      ...scene,
      ...{ world: workshop.world, front: emulator.front },
      greenAnswers(answer) {
        status = answer;
      },
    };
  };

  it.each(ends.filter(({ name }) => name in reproductions))(
    "$title ends as its section says, and what is to be run is right",
    async ({ code, name, text }) => {
      const reproduction = reproductions[name as ExitCodeName];
      if (!reproduction) throw new Error(`${name} is not reproduced`);
      const stage = await open();
      await reproduction.make?.(stage);
      const { argv, options = {}, mend, runs } = reproduction;
      const ended = await stage.place.run([...argv, "--output", "json"], options);
      const { outcome, error } = JSON.parse(ended.stdout) as { outcome: string; error?: { what: string; fix: string } };
      expect({ code: ended.code, said: error?.what ?? outcome }).toEqual({ code, said: expect.any(String) });
      if (error) expect(outcome).toBe(name);
      // The message and the runbook must not send people different ways.
      expect(namedCommands(`${text} ${argv[0] === undefined ? "" : `clustershift ${argv[0]}`}`)).toEqual(
        expect.arrayContaining(namedCommands(error?.fix ?? "")),
      );
      await follow(stage, toDoOf({ text }), mend, runs);
    },
    120_000,
  );

  it.each(rows.filter(({ name }) => name in faults))(
    "$name: what is seen is what the table says, and what is to be typed is right",
    async ({ name, last }) => {
      const fault = faults[name];
      if (!fault) throw new Error(`${name} is not tried`);
      const { make, argv, options = {}, code, says, mend, runs } = fault;
      const stage = await open();
      await make?.(stage);
      const ended = await stage.place.run(argv, options);
      const said = ended.stdout + ended.stderr;
      expect({ code: ended.code, said }).toEqual({ code, said: says ? expect.stringMatching(says) : said });
      await follow(stage, last, mend, runs);
    },
    120_000,
  );

  /** Types what a section says, in its order. */
  async function follow(
    stage: Stage,
    text: string,
    mend: Reproduction["mend"],
    runs: Reproduction["runs"] = {},
  ): Promise<void> {
    await mend?.(stage);
    for (const words of commandsOf(text)) {
      const told = words.join(" ");
      const { argv = words, code: must = 0, before } = runs[told] ?? {};
      await before?.(stage);
      const { code, stdout, stderr } = await stage.place.run(typeof argv === "function" ? argv(stage) : argv);
      expect({ told, code, said: stdout + stderr }).toEqual({ told, code: must, said: expect.any(String) });
    }
  }
});
