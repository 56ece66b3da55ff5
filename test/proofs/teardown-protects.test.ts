import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { openTestAws } from "../aws/moto.js";
import { becomesGreens } from "./teardown/races.js";
import { type StubGreen, stubGreen } from "./teardown/stub-green.js";
import { sweepKilled } from "./teardown-protects.js";

const aws = await openTestAws();
const folder = await mkdtemp(join(tmpdir(), "clustershift-green-"));
const greens: StubGreen[] = [];
afterAll(async () => {
  for (const green of greens) green.close();
  await rm(folder, { recursive: true });
  if (!("missing" in aws)) await aws.close();
});

async function openGreen() {
  const green = await stubGreen();
  greens.push(green);
  const kubeconfig = join(folder, `${greens.length}.kubeconfig`);
  await writeFile(kubeconfig, green.kubeconfig);
  return { green, access: { kubeconfig, context: "green", clusterId: green.clusterId } };
}

/** The proof's short form: two processes are killed, and green is a stub. */
it.skipIf("missing" in aws)(
  "finds and removes just what blue left, also where a real process was killed",
  async () => {
    if ("missing" in aws) return;
    const { green, access } = await openGreen();
    const figures = await sweepKilled(aws.front, green, access, { killed: (moment) => moment < 2 });
    expect(figures).toEqual({ orphans: 30, survivors: 61, found: 30, kills: 2, deletions: 33, wrong: [] });
  },
  300_000,
);

it.skipIf("missing" in aws)(
  "leaves alone what became green's since it was listed",
  async () => {
    if ("missing" in aws) return;
    const { green, access } = await openGreen();
    expect(await becomesGreens(aws.front, green, access)).toEqual({ raced: 6, wrong: [] });
  },
  300_000,
);
