import { readFile } from "node:fs/promises";
import type { Journal } from "../../../src/model/journal.js";
import { FileJournal } from "../../../src/run/journal.js";
import { prepare } from "../../../src/traffic/preparation/prepare.js";
import { rollback } from "../../../src/traffic/rollback.js";
import { shift } from "../../../src/traffic/shift.js";
import { virtualClock } from "../../aws/clock.js";
import type { World, WorldSpec } from "../../traffic/world.js";
import type { TrueJournal } from "./judge.js";

export type Command = "prepare" | "cutover" | "rollback";
export const commands: readonly Command[] = ["prepare", "cutover", "rollback"];

const address = (value: string, TTL = 60) => ({ TTL, ResourceRecords: [{ Value: value }] });

/** All kinds of targets, and all kinds of records, once each. */
export const allKinds: WorldSpec = {
  zones: [
    [
      { Name: "app", Type: "A", ...address("192.0.2.1") },
      { Name: "six", Type: "AAAA", ...address("2001:db8::b", 300) },
      ...[3, 1].map((Weight, index) => ({
        ...{ Name: "pool", Type: "A", SetIdentifier: `pool-${index}`, Weight },
        ...address(`192.0.2.${index + 2}`),
      })),
    ],
    [{ Name: "www", Type: "CNAME", ...address("blue.example.", 5) }],
  ],
  foreign: [],
  balancer: [[1]],
  addresses: 1,
  manual: ["partner"],
};

/** Does one command on a world, on a journal in a file. `beforeAppend`: may throw, and then nothing is written. */
export async function carryOut(
  world: World,
  file: string,
  command: Command,
  { overwrite = [], beforeAppend = () => {} }: { overwrite?: readonly string[]; beforeAppend?: () => void } = {},
): Promise<void> {
  const opened = await FileJournal.open(file, () => new Date());
  const clock = virtualClock();
  const aws = world.aws(clock);
  const journal: Journal = {
    entries: () => opened.entries(),
    async append(record) {
      beforeAppend();
      await opened.append(record);
    },
  };
  const edges = { aws, journal, clock, confirm: async () => true };
  const { targets } = world;
  try {
    if (command === "prepare") {
      const names = targets.flatMap((target) => (target.kind === "route53" ? [target] : []));
      await prepare({ names, ttl: 2 }, edges);
    } else if (command === "cutover") {
      const check = async () => ({ outcome: "passed" as const, detail: "fine" });
      await shift({ targets, steps: [50, 100], holdMs: 1_000 }, { ...edges, check });
    } else {
      await rollback(edges, { overwrite });
    }
  } finally {
    aws.close();
    await opened.close();
  }
}

/** The journal of a whole story: prepared, cut over, taken back. */
export async function writeStory(world: World, file: string): Promise<TrueJournal> {
  for (const command of commands) await carryOut(world, file, command);
  return readTrue(file);
}

export async function readTrue(file: string): Promise<TrueJournal> {
  const bytes = await readFile(file);
  const lines = bytes.toString("utf8").trimEnd().split("\n");
  return { bytes, entries: lines.map((line) => JSON.parse(line)) };
}
