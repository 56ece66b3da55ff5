import { mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isRunning, startTimeOf } from "../../src/host/process-identity.js";
import { auditedVerbs } from "../../src/sandbox/audit.js";
import { ensureBinaries } from "../../src/sandbox/binaries/ensure.js";
import { ensureMoto } from "../../src/sandbox/binaries/moto.js";
import { describeBinaryEvent } from "../../src/sandbox/binaries/progress.js";
import { controlPlaneBinaries } from "../../src/sandbox/binaries/versions.js";
import { listClusters } from "../../src/sandbox/clusters.js";
import { sandboxDown } from "../../src/sandbox/down.js";
import { type LoadChild, startLoadChild } from "../../src/sandbox/load/child.js";
import { listSandboxes, SandboxFolder } from "../../src/sandbox/sandbox-folder.js";
import { sandboxStatus } from "../../src/sandbox/status.js";
import { trafficSnapshot } from "./snapshot.js";
import { Stage } from "./stage.js";
import { type Summary, totals } from "./summary.js";

const green = "green-1-35";
const rate = { http: 60, syslog: 30 };
/** Of the load, so that zero failures mean something. */
const leastRequests = 5_000;
const readVerbs = new Set(["get", "list", "watch"]);

export interface Played {
  summary: Summary;
  /** Path of the report. */
  report: string;
  /** What was not as the demo promises; empty where all was. */
  problems: string[];
}

/** The whole story, from nothing to a finished migration; whatever happens, nothing is left running. */
export async function playDemo(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Played> {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const sandbox = `demo-${process.pid}-${startTimeOf(process.pid) ?? "0"}`;
  const cwd = resolve(".clustershift", "demo");
  await removeDeadDemos(env);
  await rm(cwd, { recursive: true, force: true });
  await mkdir(cwd, { recursive: true });
  let load: LoadChild | undefined;
  try {
    return await play(new Stage(cwd, env, signal), sandbox, env, cwd, signal, (started) => {
      load = started;
    });
  } finally {
    await load?.stop().catch(() => undefined);
    await sandboxDown(env, sandbox);
  }
}

/** Sandboxes of demos that were killed: found by their records, whose name tells which process was theirs. */
async function removeDeadDemos(env: NodeJS.ProcessEnv): Promise<void> {
  for (const name of await listSandboxes(env)) {
    const [, pid, startTime] = /^demo-(\d+)-(\d+)$/.exec(name) ?? [];
    if (pid && startTime && !isRunning({ pid: Number(pid), startTime })) await sandboxDown(env, name);
  }
}

async function play(
  stage: Stage,
  sandbox: string,
  env: NodeJS.ProcessEnv,
  cwd: string,
  signal: AbortSignal,
  onLoad: (load: LoadChild) => void,
): Promise<Played> {
  const started = performance.now();
  stage.say("Programs: etcd, Kubernetes 1.24.17 and 1.35.4, kwok, Pulumi, an AWS emulator (kept for the next time)");
  const ensure = {
    env,
    signal,
    onProgress: (event: Parameters<typeof describeBinaryEvent>[0]) =>
      process.stdout.write(`  ${describeBinaryEvent(event)}\n`),
  };
  await ensureBinaries([...controlPlaneBinaries("1.24.17"), ...controlPlaneBinaries("1.35.4"), "pulumi"], ensure);
  await ensureMoto(ensure);

  stage.say("Blue: production as it was in 2019, three zones, groups master, nodes and syslog");
  await stage.command(["sandbox", "up", "--name", sandbox]);
  const folder = new SandboxFolder(env, sandbox);
  const record = await folder.require();
  const settings = ["traffic.hold=1s", "soak=10s", "replay.concurrency=16", "health.every=1s"].flatMap((setting) => [
    "--set",
    setting,
  ]);
  const { json: written } = await stage.command(["init", "--sandbox", sandbox, "--green-name", green, ...settings]);
  const load = await startLoadChild(loadConfig(record, written));
  onLoad(load);
  const phase = (name: string): Promise<void> => load.phase(name);
  const before = await trafficSnapshot(record);

  stage.say("Plan, approval, export, a backup that was restored: blue is only read");
  await phase("plan and export");
  await stage.command(["plan"]);
  await stage.command(["approve", "--by", "the change board", "--comment", "demo"]);
  await stage.command(["export"]);
  await stage.command(["rehearse"]);
  await stage.command(["backup", "verify"]);

  stage.say("The incident, replayed: green's pod network doesn't start on the worker nodes");
  await phase("faulty green");
  await stage.command(["up", "--sandbox-fault", "pod-network"]);
  await stage.command(["migrate"]);
  await stage.command(["smoke"], 33);
  await stage.command(["cutover"], 14);
  const untouched = JSON.stringify(await trafficSnapshot(record)) === JSON.stringify(before);
  stage.say(`Smoke stopped it; traffic ${untouched ? "never left blue" : "WAS MOVED"}. Now it is mended`);
  await phase("mend and migrate");
  await stage.command(["sandbox", "mend", green, "--name", sandbox]);
  const { json: migrated } = await stage.command(["migrate"]);
  await smokeUntilPassed(stage);

  stage.say("Cutover, step by step, under load");
  await phase("cutover");
  const cutover = await stage.command(["cutover"]);
  stage.say("And back at once");
  await phase("rollback");
  const rollback = await stage.command(["rollback"]);
  const exact = JSON.stringify(await trafficSnapshot(record)) === JSON.stringify(before);
  await sleep(2_000, undefined, { signal });

  stage.say("Cutover again, soak, teardown");
  await phase("cutover again");
  await smokeUntilPassed(stage);
  await stage.command(["cutover"]);
  await phase("soak");
  await sleep(11_000, undefined, { signal });
  const blueVerbs = await blueAudit(folder);
  await phase("teardown");
  await stage.command(["teardown", "--confirm", record.cluster]);
  await phase("blue is gone");
  await sleep(3_000, undefined, { signal });
  const result = await load.stop();
  const { json: report } = await stage.command(["report"]);
  await stage.command(["status"]);

  stage.say("Everything that was started is stopped");
  const leftovers = await takeDown(stage, sandbox, env);
  const { accounting } = migrated as unknown as { accounting: { total: Summary["objects"] } };
  const apiMs = (answer: typeof cutover): number =>
    (answer.json as unknown as { result: { apiMs: number } }).result.apiMs;
  const { failures, failingSeconds, ...requests } = result;
  const summary: Summary = {
    objects: accounting.total,
    requests,
    failures,
    cutoverApiMs: Math.round(apiMs(cutover)),
    rollbackApiMs: Math.round(apiMs(rollback)),
    outageSeconds: failingSeconds,
    blueVerbs,
    rollbackExact: exact,
    leftovers,
    seconds: Math.round((performance.now() - started) / 1000),
  };
  const { html } = report as unknown as { html: string };
  return { summary, report: join(cwd, html.slice(cwd.length)), problems: problemsOf(summary, untouched) };
}

/** Clients of production: names by DNS, syslog to the Elastic IPs. */
function loadConfig(
  record: Awaited<ReturnType<SandboxFolder["require"]>>,
  written: unknown,
): Parameters<typeof startLoadChild>[0] {
  const { config } = written as { config: { smoke: { checks: { kind: string; url?: string }[] } } };
  const urls = config.smoke.checks.flatMap(({ url }) => (url ? [new URL(url)] : []));
  return {
    dns: { server: record.addresses.dns, port: record.ports.dns },
    http: urls.map(({ hostname, port, pathname }) => ({ host: hostname, port: Number(port), path: pathname })),
    syslog: { addresses: record.aws.elasticIps.map(({ publicIp }) => publicIp), port: record.ports.syslog },
    rate,
  };
}

/** Pods take a moment to start once their network does; each try is a whole smoke test. */
async function smokeUntilPassed(stage: Stage): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await stage.command(["smoke"]);
      return;
    } catch (error) {
      if (attempt === 4) throw error;
    }
  }
}

async function blueAudit(folder: SandboxFolder): Promise<Record<string, number>> {
  const blue = (await listClusters(folder)).find(({ name }) => name === "blue");
  if (!blue?.auditLog) throw new Error("blue has no audit log");
  return auditedVerbs(blue.auditLog, "system:serviceaccount:clustershift:");
}

/** Takes the sandbox down, and says what is still there of it: processes of its records, and its folder. */
async function takeDown(stage: Stage, sandbox: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const processes = (await sandboxStatus(env, sandbox))?.processes ?? [];
  await stage.command(["sandbox", "down", "--name", sandbox]);
  const alive = processes.filter((each) => isRunning(each)).map(({ name, pid }) => `process ${name} (${pid})`);
  return (await sandboxStatus(env, sandbox)) ? [...alive, "its folder"] : alive;
}

function problemsOf(summary: Summary, untouched: boolean): string[] {
  const { objects, requests, blueVerbs, rollbackExact, leftovers } = summary;
  const { sent, failed } = totals(requests);
  const { listed, ...endings } = objects;
  const sum = Object.values(endings).reduce((a, b) => a + b, 0);
  const written = Object.keys(blueVerbs).filter((verb) => !readVerbs.has(verb));
  const checks: [boolean, string][] = [
    [untouched, "traffic moved although smoke had failed"],
    [failed === 0, `${failed} requests failed`],
    [sent >= leastRequests, `only ${sent} requests were sent, and ${leastRequests} are needed to say something`],
    [objects.failed === 0, `${objects.failed} objects failed`],
    [sum === listed, `${listed} objects listed, ${sum} accounted for`],
    [written.length === 0 && Object.keys(blueVerbs).length > 0, `blue saw ${written.join(", ") || "nothing"}`],
    [rollbackExact, "the rollback was not exact"],
    [leftovers.length === 0, `left over: ${leftovers.join(", ")}`],
  ];
  return checks.filter(([holds]) => !holds).map(([, problem]) => problem);
}
