import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Proof, Report } from "../../scripts/proofs.js";
import { openTestAws } from "../aws/moto.js";
import { seededRandom } from "../harness/random.js";
import { type Attacked, Ground } from "./hostile/attack.js";
import { type CommandEnd, refuseByCommand } from "./hostile/command.js";
import { families } from "./hostile/families.js";
import { type MemoryFigures, measureMemory } from "./hostile/memory.js";
import type { Dice } from "./hostile/parts.js";

/** What reading hostile backups may take beside what the process has anyway, in MB. */
const mostMegabytes = 900;
/** A process that has more of its memory to collect doesn't hurry: what it takes for twice the backup says whether it grows with that. */
const mostRatio = 1.25;

export const proof: Proof = {
  name: "hostile-tarballs",
  summary:
    "200 hostile Velero backups: each refused by name, nothing written, nothing crashes; and memory is flat over 2 GB.",
  async run(report) {
    const aws = await openTestAws();
    if ("missing" in aws) throw new Error(aws.missing);
    try {
      const each = Math.ceil(200 / families.length);
      const emulator = aws.front.internalEndpoint;
      const attacks = await attackAll({ emulator, each, random: seededRandom("hostile backups"), report });
      report("memory: exports of 200 MB, 1 GB and 2 GB");
      const memory = await measureMemory(aws.front, { megabytes: [200, 1_000, 2_000], report });
      const holds = attacks.wrong.length === 0 && attacks.backups >= 200 && memory.ratio <= mostRatio;
      return { holds, figures: { ...attacks, memory } satisfies HostileFigures };
    } finally {
      await aws.close();
    }
  },
};

export interface AttackFigures {
  families: number;
  backups: number;
  /** Refusals by the error's code. */
  refused: Record<string, number>;
  /** By the command line, one of each family: exit codes. */
  commands: Record<string, number>;
  /** The most memory that this process had while it read them all, and the most that one command had. */
  megabytes: { reader: number; command: number };
  wrong: string[];
}

interface HostileFigures extends AttackFigures {
  memory: MemoryFigures;
}

export interface AttackOptions {
  /** The endpoint of a real object store. */
  emulator: string;
  /** Backups of a family. */
  each: number;
  random: () => number;
  /** Whether one of each family is also given to the command itself, as a process. */
  commands?: boolean;
  report?: Report;
}

/** Makes so many of each family, and has all of them read. */
export async function attackAll({ emulator, each, random, commands = true, report = () => {} }: AttackOptions) {
  const dir = await mkdtemp(join(tmpdir(), "clustershift-hostile-"));
  const ground = await Ground.open(dir, emulator);
  const unhandled: string[] = [];
  const onUnhandled = (error: unknown) => unhandled.push(String(error));
  process.on("unhandledRejection", onUnhandled);
  process.on("uncaughtException", onUnhandled);
  try {
    const ended: Attacked[] = [];
    const byCommand: CommandEnd[] = [];
    for (const family of families) {
      for (let n = 0; n < each; n++) ended.push(await ground.attack(family, diceOf(random, ground.outside)));
      if (commands) byCommand.push(await refuseByCommand(ground, family, diceOf(random, ground.outside)));
      const wrong = ended.slice(-each).filter((one) => one.wrong.length > 0).length;
      report(`${family.name}: ${each} backups, ${wrong} wrong`);
    }
    return figuresOf(ended, byCommand, unhandled);
  } finally {
    process.off("unhandledRejection", onUnhandled);
    process.off("uncaughtException", onUnhandled);
    await ground.close();
    await rm(dir, { recursive: true, force: true });
  }
}

function figuresOf(ended: readonly Attacked[], byCommand: readonly CommandEnd[], unhandled: string[]): AttackFigures {
  // Kilobytes on Linux, and in Node everywhere.
  const reader = Math.round(process.resourceUsage().maxRSS / 1024);
  const command = Math.max(0, ...byCommand.map(({ megabytes }) => megabytes));
  return {
    families: new Set(ended.map(({ family }) => family)).size,
    backups: ended.length,
    refused: countBy(ended.map(({ code }) => code ?? "none")),
    commands: countBy(byCommand.map(({ code }) => String(code))),
    megabytes: { reader, command },
    wrong: [
      ...[...ended, ...byCommand].flatMap(({ family, said, wrong }) =>
        wrong.map((what) => `${family}: ${what}: ${said.slice(0, 300)}`),
      ),
      ...unhandled.map((error) => `unhandled: ${error}`),
      ...(command > mostMegabytes ? [`a command took ${command} MB`] : []),
    ],
  };
}

function countBy(keys: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function diceOf(random: () => number, outside: string): Dice {
  const between = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));
  return {
    random,
    between,
    pick: (choices) => choices[between(0, choices.length - 1)] as (typeof choices)[number],
    word: () => Array.from({ length: between(3, 9) }, () => String.fromCharCode(between(97, 122))).join(""),
    outside,
  };
}
