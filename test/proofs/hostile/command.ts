import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { exitCodes } from "../../../src/model/exit-codes.js";
import { difference, type Ground, listing } from "./attack.js";
import type { Dice, Family } from "./parts.js";

/** How the command ended that was given a hostile backup. */
export interface CommandEnd {
  family: string;
  code: number | string;
  said: string;
  /** Peak of its memory. */
  megabytes: number;
  wrong: string[];
}

const program = fileURLToPath(new URL("../../../src/main.ts", import.meta.url));
const expected: number[] = [exitCodes["bundle-invalid"].code, exitCodes["aws-failed"].code];

/** `clustershift plan --from … --to 1.35`, as a process of its own. */
export async function refuseByCommand(ground: Ground, family: Family, dice: Dice): Promise<CommandEnd> {
  const hostile = withRealLimits(family, dice);
  await ground.lay(hostile);
  const before = await listing(ground.dir);
  const argv = ["plan", "--from", ground.address(hostile), "--to", "1.35"];
  const { code, stderr, megabytes } = await runMeasured(argv, {
    cwd: ground.dir,
    env: {
      ...process.env,
      TMPDIR: `${ground.dir}/spool`,
      AWS_REGION: "eu-central-1",
      AWS_ENDPOINT_URL: ground.endpoint,
    },
  });
  const wrong = [
    ...(expected.includes(Number(code)) ? [] : [`exit code ${code}`]),
    ...(hostile.names.test(stderr) ? [] : [`doesn't name ${hostile.names}`]),
    ...(/^\s+at .*:\d+:\d+\)?$/m.test(stderr) ? ["prints a stack trace"] : []),
  ];
  const after = await listing(ground.dir);
  // tsx keeps what it compiled below TMPDIR.
  if (withoutSpool(after) !== withoutSpool(before)) wrong.push(`left something: ${difference(before, after)}`);
  await ground.clear();
  return { family: family.name, code, said: stderr, megabytes, wrong: wrong.map((what) => `by command: ${what}`) };
}

/** The command knows no other limits. */
function withRealLimits(family: Family, dice: Dice) {
  for (;;) {
    const hostile = family.make(dice);
    if (!hostile.limits) return hostile;
  }
}

function withoutSpool(lines: string): string {
  return lines
    .split("\n")
    .filter((line) => !line.includes("/spool"))
    .join("\n");
}

/** The real program; `megabytes` is the peak of its memory, as the system counts it. */
export async function runMeasured(argv: string[], { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv }) {
  const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), program, ...argv], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let megabytes = 0;
  let running = true;
  const watching = (async () => {
    while (running) {
      megabytes = Math.max(megabytes, await peakOf(child.pid));
      await sleep(20);
    }
  })();
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  running = false;
  await watching;
  return { code: (code ?? signal) as number | string, stdout, stderr, megabytes };
}

/** Linux keeps the peak of each process; elsewhere 0. */
async function peakOf(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Math.round(Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024);
}
