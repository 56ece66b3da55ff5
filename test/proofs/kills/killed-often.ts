import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Report } from "../../../scripts/proofs.js";
import { readState } from "../../../stacks/engine/state.js";
import type { StackProgram } from "../../../stacks/program.js";
import { createDumper } from "../engine/dump.js";
import type { World } from "../engine/world.js";
import { layAmbush, type Moment } from "./moments.js";

export interface KilledOften {
  world: World;
  /** The stack that is brought up, and its program. */
  stackName: string;
  program: StackProgram;
  /** The command line that brings it up, as often as it is needed. */
  command: { command: string; args: string[]; env: NodeJS.ProcessEnv };
  moments: readonly Moment[];
  /** How many kills are enough. */
  kills: number;
  report: Report;
  /** What is looked through for what was left behind: all services, unless named. */
  services?: readonly string[];
}

export interface Outcome {
  /** Names of the moments, in the order in which they came. */
  killed: string[];
  /** Creates that AWS had done and the state didn't know, over all kills. */
  unknownToState: number;
  resources: number;
  /** What was not as it must be. */
  wrong: string[];
}

/**
 * Brings a stack up by the same command again and again, killed each time at another moment, until it isn't killed any more.
 * Then the engine must see nothing to do, and a destroyed stack must leave nothing behind: what had been made twice, or was
 * forgotten, would.
 */
export async function killedOften(args: KilledOften): Promise<Outcome> {
  const { world, stackName, program, command, moments, kills, report, services } = args;
  const wrong: string[] = [];
  const killed: string[] = [];
  let unknownToState = 0;
  const dumpAws = createDumper(world.env.CLUSTERSHIFT_TEST_MODELS, services);
  const before = await dumpAws(world.aws);
  let waiting = [...moments];
  for (;;) {
    const child = start(command);
    const ambush = layAmbush(world, killed.length < kills ? waiting : [], (whom) => strike(child.process, whom));
    const ended = await child.ended;
    ambush.leave();
    const met = ambush.met();
    if (met) {
      killed.push(met.name);
      waiting = waiting.filter((moment) => moment !== met);
      const pending = await pendingCreates(world, stackName);
      unknownToState += pending;
      report(`killed ${met.name} (${met.whom}): ${pending} create(s) under way`);
      continue;
    }
    if (ended.code !== 0) wrong.push(`the command ended with ${ended.code}: ${ended.said}`);
    break;
  }
  if (killed.length < kills) wrong.push(`only ${killed.length} moments came: ${killed.join(", ")}`);

  const stack = await world.open(stackName, program);
  const { same = 0, ...others } = await stack.preview();
  if (Object.keys(others).length > 0) wrong.push(`a preview afterwards sees ${JSON.stringify(others)}`);
  const looked = ["--yes", "--skip-preview", "--expect-no-changes", "--suppress-outputs", "--suppress-progress"];
  await world.pulumi(stackName, "refresh", ...looked).catch((error: Error) => wrong.push(error.message));
  const left = await pendingOperations(world, stackName);
  if (left > 0) wrong.push(`${left} pending operations are left`);
  await stack.destroy();
  const after = await dumpAws(world.aws);
  const there = new Set(before);
  wrong.push(...after.filter((line) => !there.has(line)).map((line) => `left behind: ${line.slice(0, 300)}`));
  return { killed, unknownToState, resources: same, wrong };
}

/** In a process group of its own, so that all of it can be killed. */
function start({ command, args, env }: KilledOften["command"]) {
  const process = spawn(command, args, { env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [process.stdout, process.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said = `${said}${text}`.slice(-4_000);
    });
  }
  const ended = once(process, "exit").then(([code]) => ({ code: code as number | null, said }));
  return { process, ended };
}

function strike({ pid = 0 }: ChildProcess, whom: Moment["whom"]): void {
  process.kill(whom === "group" ? -pid : pid, "SIGKILL");
}

async function pendingCreates(world: World, stackName: string): Promise<number> {
  return (await exported(world, stackName)).pending.filter(({ type }) => type === "creating").length;
}

async function pendingOperations(world: World, stackName: string): Promise<number> {
  return (await exported(world, stackName)).pending.length;
}

/** The state as it lies there. The engine replaces the file as a whole. */
async function exported({ state: { workDir } }: World, stackName: string) {
  const file = join(workDir, "state", ".pulumi", "stacks", "clustershift", `${stackName}.json`);
  const { checkpoint } = JSON.parse(await readFile(file, "utf8"));
  return readState({ deployment: checkpoint.latest });
}
