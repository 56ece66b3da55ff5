import { setMaxListeners } from "node:events";
import { mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { isRunning, startTimeOf } from "../../src/host/process-identity.js";
import { messageOf, UserError } from "../../src/model/errors.js";
import { areStored, ensureBinaries } from "../../src/sandbox/binaries/ensure.js";
import { ensureMoto } from "../../src/sandbox/binaries/moto.js";
import { describeBinaryEvent } from "../../src/sandbox/binaries/progress.js";
import { controlPlaneBinaries } from "../../src/sandbox/binaries/versions.js";
import { sandboxDown } from "../../src/sandbox/down.js";
import { listSandboxes } from "../../src/sandbox/sandbox-folder.js";
import { playMigration } from "./scenes/migration.js";
import { playWorstNight } from "./scenes/worst-night.js";
import { Stage } from "./stage.js";
import type { Summary, WorstNightSummary } from "./summary.js";

const velero = ["velero", "velero-plugin-for-aws"] as const;

export interface Played {
  summary: Summary;
  /** Path of the migration's report. */
  report: string;
  /** What was not as the demo promises; empty where all was. */
  problems: string[];
}

/** The whole story: a migration from nothing to its end, then the worst night. Whatever happens, nothing is left running. */
export async function playDemo(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Played> {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  // One Ctrl-C for all commands of the evening, the load and its watcher.
  setMaxListeners(64, signal);
  const started = performance.now();
  const name = `demo-${process.pid}-${startTimeOf(process.pid) ?? "0"}`;
  const dir = resolve(".clustershift", "demo");
  await removeDeadDemos(env);
  await rm(dir, { recursive: true, force: true });
  await mkdir(join(dir, "worst-night"), { recursive: true });
  const stage = new Stage(dir, env, signal);
  const noVelero = await programs(stage);

  const migration = await playMigration(stage, name).finally(() => sandboxDown(env, name));
  const worstNight =
    noVelero === undefined
      ? await playNight(stage.in(join(dir, "worst-night")), `${name}-night`)
      : { problems: [`the worst night wasn't played, for want of Velero: ${noVelero}`] };
  return {
    summary: {
      migration: migration.summary,
      ...(worstNight.summary && { worstNight: worstNight.summary }),
      seconds: Math.round((performance.now() - started) / 1000),
    },
    report: migration.report,
    problems: [...migration.problems, ...worstNight.problems],
  };
}

/** What the migration has shown is told also where the worst night can't be played to its end. */
async function playNight(stage: Stage, name: string): Promise<{ summary?: WorstNightSummary; problems: string[] }> {
  try {
    return await playWorstNight(stage, name).finally(() => sandboxDown(stage.env, name));
  } catch (error) {
    stage.signal.throwIfAborted();
    const fix = error instanceof UserError ? ` -> ${error.fix}` : "";
    return { problems: [`the worst night wasn't played to its end: ${messageOf(error)}${fix}`] };
  }
}

/** Resolves to why there is no Velero on this machine, without which all but the worst night can be played. */
async function programs(stage: Stage): Promise<string | undefined> {
  const all = "Programs: etcd, Kubernetes 1.24.17 and 1.35.4, kwok, Pulumi, Velero with its plugin, an AWS emulator";
  const first = (await areStored(velero, stage.env))
    ? ""
    : "; where they can't be downloaded they are built, Velero for 5 to 6 minutes";
  stage.say(`${all} (kept for the next time${first})`);
  const ensure = {
    env: stage.env,
    signal: stage.signal,
    onProgress: (event: Parameters<typeof describeBinaryEvent>[0]) =>
      process.stdout.write(`  ${describeBinaryEvent(event)}\n`),
  };
  await ensureBinaries([...controlPlaneBinaries("1.24.17"), ...controlPlaneBinaries("1.35.4"), "pulumi"], ensure);
  await ensureMoto(ensure);
  try {
    await ensureBinaries(velero, ensure);
    return undefined;
  } catch (error) {
    stage.signal.throwIfAborted();
    if (!(error instanceof UserError)) throw error;
    const why = `${messageOf(error)} ${error.fix}`;
    stage.aside(`Velero can't be had on this machine, so the worst night won't be played: ${why}`);
    return why;
  }
}

/** Sandboxes of demos that were killed: found by their records, whose name tells which process was theirs. */
async function removeDeadDemos(env: NodeJS.ProcessEnv): Promise<void> {
  for (const name of await listSandboxes(env)) {
    const [, pid, startTime] = /^demo-(\d+)-(\d+)(?:-night)?$/.exec(name) ?? [];
    if (pid && startTime && !isRunning({ pid: Number(pid), startTime })) await sandboxDown(env, name);
  }
}
