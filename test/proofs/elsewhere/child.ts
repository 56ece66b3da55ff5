import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import { openProject } from "../../../src/commands/shared/project.js";
import { awsOf, clockOf } from "../../../src/commands/shared/targets.js";
import { withJournal } from "../../../src/commands/shared/under-gates.js";
import { createProgress } from "../../../src/report/progress.js";
import { RunFolder } from "../../../src/run/run-folder.js";
import { shift } from "../../../src/traffic/shift.js";
import { dying } from "../cutover/dying.js";
import type { Story } from "./story.js";

/** The first machine: it moves traffic, keeps its record elsewhere as `cutover` does, and kills itself on the way, if it is told to. */
async function main(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    await tell(JSON.parse(line) as Story);
    process.exit(0);
  }
}

async function tell({ dir, run: id, input, dies }: Story): Promise<void> {
  const stderr = new PassThrough().resume();
  let ahead = 0;
  const now = () => new Date(Date.now() + ahead);
  const context = {
    args: { config: "clustershift.yaml", output: "text" as const, logLevel: "info" as const, debug: false },
    edges: {
      ...{ stdout: stderr, stderr, stdin: new PassThrough(), terminal: false, env: process.env, cwd: dir, now },
      ...{ random: Math.random, signal: new AbortController().signal },
      sleep: async (ms: number) => {
        ahead += ms;
      },
    },
    progress: createProgress(stderr, { terminal: false, level: "info", now }),
  };
  const project = await openProject(context);
  const run = new RunFolder(project.runsDir, id);
  const aws = await awsOf(project, context);
  await withJournal("cutover", project, run, context, async ({ journal: kept }) => {
    const journal = dying(kept, dies);
    const check = async () => ({ outcome: "passed" as const, detail: "fine" });
    await shift(input, { aws, journal, clock: clockOf(context), confirm: async () => true, check });
  });
}

await main();
