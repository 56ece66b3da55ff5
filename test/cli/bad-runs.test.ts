import { appendFile, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { ExitCodeName } from "../../src/model/exit-codes.js";
import type { RunFolder } from "../../src/run/run-folder.js";
import { configuredPlace, expectRefusal, placeWithRun } from "./place.js";

/** Changes one character of a file, from its end on. */
async function flip(path: string, fromEnd = 30): Promise<void> {
  const bytes = await readFile(path);
  const at = bytes.length - fromEnd;
  bytes[at] = bytes[at] === 0x61 ? 0x62 : 0x61;
  await writeFile(path, bytes);
}

const cut = async (path: string, by: number): Promise<void> => truncate(path, (await readFile(path)).length - by);
const maps = "bundle/objects/ConfigMap.jsonl";

/** What the runs are spoilt by only counts if they were sound before. */
it("a sound run is refused by no gate", async () => {
  const { place } = await placeWithRun();
  const { code, json } = await place.json<{ phase: string; held: unknown[] }>("status");
  expect({ code, ...json }).toMatchObject({ code: 0, phase: "cutover", held: [] });
});

describe.each(["rehearse", "migrate", "cutover", "teardown"])("%s, of a bundle", (command) => {
  it.each<{ when: string; what: RegExp; spoil: (run: RunFolder) => Promise<unknown> }>([
    { when: "cut short", what: /ConfigMap\.jsonl: has \d+ bytes/, spoil: (run) => cut(run.path(maps), 5) },
    { when: "changed by one character", what: /ConfigMap\.jsonl/, spoil: (run) => flip(run.path(maps)) },
    {
      when: "with one object more",
      what: /ConfigMap\.jsonl: has \d+ bytes/,
      spoil: (run) => appendFile(run.path(maps), '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"}}\n'),
    },
    { when: "with a file missing", what: /ConfigMap\.jsonl: can't be read/, spoil: (run) => rm(run.path(maps)) },
    { when: "whose manifest is cut", what: /bundle\.json/, spoil: (run) => cut(run.path("bundle/bundle.json"), 9) },
    {
      when: "without a manifest",
      what: /bundle\.json: can't be read/,
      spoil: (run) => rm(run.path("bundle/bundle.json")),
    },
    {
      when: "of another format",
      what: /bundle\.json/,
      spoil: async (run) => {
        const file = run.path("bundle/bundle.json");
        await writeFile(file, (await readFile(file, "utf8")).replace(/"format": ?1/, '"format": 2'));
      },
    },
    {
      when: "whose Secrets were changed",
      what: /Secret\.jsonl/,
      spoil: (run) => flip(run.path("bundle/objects/Secret.jsonl")),
    },
  ])("$when", async ({ what, spoil }) => {
    const { place, run } = await placeWithRun();
    await spoil(run);
    await expectRefusal(place, [command], { code: "bundle-invalid", what, fix: "clustershift export" });
  });
});

describe("a run", () => {
  it.each<{
    when: string;
    argv: string[];
    code: ExitCodeName;
    what: string | RegExp;
    fix: string | RegExp;
    spoil: (run: RunFolder) => Promise<unknown>;
  }>([
    {
      when: "that doesn't exist",
      argv: ["status", "--run", "20200101T000000Z"],
      code: "usage",
      what: 'no run "20200101T000000Z"',
      fix: "Runs there are: 20261128T200000Z",
      spoil: async () => {},
    },
    {
      when: "whose name leads elsewhere",
      argv: ["status", "--run", "../.."],
      code: "usage",
      what: 'no run "../.."',
      fix: "Runs there are",
      spoil: async () => {},
    },
    {
      when: "whose plan.json is no JSON",
      argv: ["cutover"],
      code: "state-invalid",
      what: "plan.json can't be used",
      fix: "clustershift status",
      spoil: (run) => writeFile(run.path("plan.json"), "{"),
    },
    {
      when: "whose plan.json is of another format",
      argv: ["status"],
      code: "state-invalid",
      what: "its format is not 1",
      fix: /./,
      spoil: (run) => writeFile(run.path("plan.json"), '{"format":7}'),
    },
    {
      when: "whose plan.json lacks a field",
      argv: ["approve", "--by", "Jo"],
      code: "state-invalid",
      what: /plan\.json can't be used: its field \w+/,
      fix: /./,
      spoil: (run) => writeFile(run.path("plan.json"), '{"format":1}'),
    },
    {
      when: "whose smoke.json was emptied",
      argv: ["cutover"],
      code: "state-invalid",
      what: "smoke.json can't be used",
      fix: /./,
      spoil: (run) => writeFile(run.path("smoke.json"), ""),
    },
    {
      when: "whose journal lost a line in its middle",
      argv: ["cutover"],
      code: "journal-damaged",
      what: /journal\.jsonl: line 2 is damaged/,
      fix: "restore the file",
      spoil: async (run) => {
        const [first, , third] = (await readFile(run.journalPath, "utf8")).split("\n");
        await writeFile(run.journalPath, `${first}\n${third}\n`);
      },
    },
    {
      when: "whose journal was edited",
      argv: ["rollback"],
      code: "journal-damaged",
      what: /journal\.jsonl: line 1 is damaged/,
      fix: "restore the file",
      spoil: async (run) =>
        writeFile(run.journalPath, (await readFile(run.journalPath, "utf8")).replace("planned", "plundered")),
    },
    {
      when: "whose journal was edited, for status too",
      argv: ["status"],
      code: "journal-damaged",
      what: /journal\.jsonl: line 3 is damaged/,
      fix: "restore the file",
      spoil: (run) => flip(run.journalPath),
    },
    {
      when: "whose lock can't be read",
      argv: ["cutover"],
      code: "locked",
      what: /lock\.json can't be read/,
      fix: /then remove .*lock\.json/,
      spoil: (run) => writeFile(run.lockPath, "nobody"),
    },
    {
      when: "of which another machine holds the lock",
      argv: ["teardown", "--confirm", "blue.acme.example"],
      code: "locked",
      what: "jo on other.example (pid 7) runs `cutover`",
      fix: "Wait until it ends",
      spoil: (run) =>
        writeFile(
          run.lockPath,
          JSON.stringify({
            user: "jo",
            host: "other.example",
            pid: 7,
            startTime: "1",
            command: "cutover",
            since: "2026-11-28T21:59:00.000Z",
            token: "00000000-0000-4000-8000-000000000000",
          }),
        ),
    },
    {
      when: "whose key for Secrets is gone",
      argv: ["rehearse", "--dry-run"],
      code: "bundle-invalid",
      what: "age-identity.txt",
      fix: /./,
      spoil: (run) => rm(run.path("age-identity.txt")),
    },
    {
      when: "whose green was never ready",
      argv: ["migrate"],
      code: "green-missing",
      what: "no green cluster",
      fix: /^clustershift up$/,
      spoil: (run) => rm(run.path("green.json")),
    },
  ])("$when", async ({ argv, spoil, ...expected }) => {
    const { place, run } = await placeWithRun();
    await spoil(run);
    await expectRefusal(place, argv, expected);
  });

  it.each(["approve", "export", "rehearse", "migrate", "smoke", "cutover", "rollback", "teardown", "report"])(
    "%s says how to begin where there is none",
    async (command) => {
      const place = await configuredPlace();
      await expectRefusal(place, [command], { code: "no-plan", what: "There is no run", fix: /^clustershift plan$/ });
    },
  );
});
