import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { appendFile, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { FileJournal } from "../../src/run/journal.js";
import { prepare } from "../../src/traffic/preparation/prepare.js";
import { type ShiftEdges, shift } from "../../src/traffic/shift.js";
import { virtualClock } from "../aws/clock.js";
import { openTestAws } from "../aws/moto.js";
import { createWorld, region, type World } from "../traffic/world.js";
import { sectionsOf } from "./runbook/read.js";

const run = promisify(execFile);
const has = (program: string) =>
  run(program, ["--version"]).then(
    () => [],
    () => [program],
  );
const lacking = [...(await has("jq")), ...(await has("aws"))];
const opened = lacking.length === 0 ? await openTestAws() : { missing: `there is no ${lacking.join(" and no ")}` };
const page = readFileSync(fileURLToPath(new URL("../../docs/runbook.md", import.meta.url)), "utf8");
const section = sectionsOf(page).find(({ title }) => title === "Without clustershift")?.text ?? "";
/** The section's blocks, in their order. */
const blocks = [...section.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);

it("the way back without clustershift is three blocks to type", () => {
  expect(blocks).toHaveLength(3);
});

describe.skipIf("missing" in opened)(
  `without clustershift${"missing" in opened ? ` (skipped: ${opened.missing})` : ""}`,
  () => {
    if ("missing" in opened) return;
    const { front } = opened;
    const clock = virtualClock();
    let world: World;
    let dir: string;
    let journal: FileJournal;

    beforeEach(async () => {
      world ??= await createWorld(front, "by-hand.example");
      dir = await mkdtemp(join(tmpdir(), "clustershift-by-hand-"));
      journal = await FileJournal.open(join(dir, "journal.jsonl"), () => new Date(clock.now()));
    });
    afterEach(async () => {
      await journal.close();
      await rm(dir, { recursive: true, force: true });
      await world.reset();
    });
    afterAll(() => opened.close());

    /** As a person types it, in a copy of the run's folder. */
    async function type(block: string): Promise<void> {
      const env = {
        ...process.env,
        ...{ AWS_ENDPOINT_URL: front.internalEndpoint, AWS_DEFAULT_REGION: region, AWS_PAGER: "" },
      };
      await run("/bin/sh", ["-eu", "-c", block], { cwd: dir, env, maxBuffer: 2 ** 24 });
    }

    const edges = (): ShiftEdges => {
      const aws = world.aws(clock);
      return { aws, journal, clock, check: async () => ({ outcome: "passed", detail: "fine" }) };
    };

    it("brings everything back after a whole cutover, from the journal alone", async () => {
      const before = await world.snapshot();
      const names = world.targets.flatMap((target) => (target.kind === "route53" ? [target] : []));
      await prepare({ names, ttl: 2 }, edges());
      await shift({ targets: world.targets, steps: [10, 100], holdMs: 0 }, edges());
      expect(await world.snapshot()).not.toEqual(before);
      // The last line was being written when the process died.
      await appendFile(join(dir, "journal.jsonl"), '{"type":"done","st');

      for (const block of blocks) await type(block);
      const batches = (await readdir(dir)).filter((file) => file.endsWith(".batch.json"));
      expect(batches).toHaveLength(1);
      const { Changes } = JSON.parse(await readFile(join(dir, batches[0] ?? ""), "utf8")) as {
        Changes: { Action: string }[];
      };
      expect(new Set(Changes.map(({ Action }) => Action))).toEqual(new Set(["DELETE", "UPSERT"]));
      await type("sh back.sh");
      expect(await world.snapshot()).toEqual(before);
    }, 120_000);
  },
);
