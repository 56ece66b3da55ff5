import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { readKind, readManifest } from "../../../src/bundle/read.js";
import { homeOf } from "../../../src/kube/resources.js";
import { messageOf, UserError } from "../../../src/model/errors.js";
import { refKey } from "../../../src/model/objects.js";
import type { Plan } from "../../../src/model/plan.js";
import { ensureBinaries } from "../../../src/sandbox/binaries/ensure.js";
import { CommandFailed, runCommand } from "../../../src/sandbox/binaries/run-command.js";
import { type Api, apiOf } from "../../../src/sandbox/cluster/api.js";
import type { LoadChild } from "../../../src/sandbox/load/child.js";
import { startVelero } from "../../../src/sandbox/velero/velero-server.js";
import { blueAudit, green, type Production, smokeUntilPassed, standUp, takeDown } from "../production.js";
import type { Stage } from "../stage.js";
import type { WorstNightSummary } from "../summary.js";
import { deleted, exportByScript, type LastSeen, workOn } from "../team.js";

const bucket = "acme-velero";
const phases = {
  before: "blue serves",
  falling: "blue falls",
  dead: "blue is dead",
  back: "the way back",
  after: "green serves",
};
/** Of the last phase, so that zero failures mean something. */
const leastAnswers = 100;

export interface PlayedWorstNight {
  summary: WorstNightSummary;
  problems: string[];
}

/**
 * Velero can't be deployed on a failing blue, and the last backup and the scripted export bring production up on green all the same.
 */
export async function playWorstNight(stage: Stage, sandbox: string): Promise<PlayedWorstNight> {
  stage.say("The worst night. Another blue, another production; last night Velero made a backup of it");
  // Nothing serves beside green that its share could be weighed against.
  const production = await standUp(stage, sandbox, ["traffic.steps=[100]"]);
  const load = await production.startLoad();
  try {
    return await play(stage, sandbox, production, load);
  } finally {
    await load.stop().catch(() => undefined);
  }
}

async function play(stage: Stage, sandbox: string, production: Production, load: LoadChild): Promise<PlayedWorstNight> {
  const { signal } = stage;
  const { folder, record } = production;
  const admin = join(folder.controlPlane("blue"), "kubeconfig.yaml");
  await load.phase(phases.before);
  const backup = await backUp(stage, production, admin);

  stage.say("The day goes on, and a script exports all definitions but Secrets");
  const definitions = join(stage.cwd, "definitions");
  const { all, objects } = await withApi(admin, async (api) => {
    const { made, edited, deleted } = await workOn(api);
    stage.aside(`the team makes ${made.join(", ")}; edits ${edited}; deletes ${deleted}`);
    return exportByScript(api, definitions);
  });
  stage.aside(`the script: ${objects} objects in definitions/`);
  const secret = await withApi(admin, (api) => api("GET", aSecret));

  stage.say("The upgrade breaks blue: pod network, API server and etcd are gone, and with them production");
  await load.phase(phases.falling);
  await stage.command(["sandbox", "break", "blue", "--name", sandbox]);
  await load.phase(phases.dead);
  const veleroSaid = await installVelero(stage, admin);
  stage.aside(`$ velero install\n${veleroSaid ?? "it was DEPLOYED"}`);
  await stage.command(["plan"], 4);
  await sleep(2_000, undefined, { signal });

  stage.say("The way back: from last night's backup and the script's export");
  await load.phase(phases.back);
  const began = performance.now();
  const answered = untilAnswered(load, signal);
  // Where something else fails first, that is what is told.
  answered.catch(() => undefined);
  const from = ["--from", `velero:s3://${bucket}/blue#${backup.name}`, "--from", "definitions"];
  const { json: planned } = await stage.command(["plan", ...from]);
  await stage.command(["approve", "--by", "the change board", "--comment", "demo"]);
  await stage.command(["up"]);
  const { json: exported } = await stage.command(["export", ...from]);
  await stage.command(["rehearse"]);
  const { json: migrated } = await stage.command(["migrate"]);
  await smokeUntilPassed(stage);
  await stage.command(["cutover"]);
  const seconds = Math.round(((await answered) - began) / 1000);
  await load.phase(phases.after);
  stage.say(`Production answers again, from green, ${seconds} seconds after the first command of the way back`);
  const arrived = await withApi(join(folder.controlPlane(green), "kubeconfig.yaml"), (api) => look(api, secret));

  stage.say("What is left of blue is removed");
  await stage.command(["backup", "verify", "--without-blue"]);
  const blueVerbs = await blueAudit(folder);
  await sleep(2_000, undefined, { signal });
  await stage.command(["teardown", "--confirm", record.cluster]);
  const { failures: _failures, failingSeconds, ...requests } = await load.stop();
  const { plan } = planned as unknown as { plan: Plan };
  const { bundle } = exported as unknown as { bundle: string };
  const { accounting } = migrated as unknown as { accounting: { total: WorstNightSummary["objects"] } };
  const lost = await notIn(bundle, all);

  stage.say("Everything that was started is stopped");
  const leftovers = await takeDown(stage, sandbox);
  const summary: WorstNightSummary = {
    objects: accounting.total,
    from: (plan.archive?.parts ?? []).map(({ path, kinds }) => ({
      path,
      objects: plan.kinds.reduce((sum, { kind }) => sum + (kinds[kind] ?? 0), 0),
    })),
    lastSeen: { objects: all.length, secrets: all.filter(({ isSecret }) => isSecret).length },
    lost: [...lost, ...arrived],
    comesBack: plan.findings.flatMap(({ id, object }) =>
      id === "archive-only-earlier" && object ? [refKey(object)] : [],
    ),
    requests,
    outageSeconds: failingSeconds,
    secondsToAnswer: seconds,
    blueVerbs,
    leftovers,
  };
  return { summary, problems: problemsOf(summary, backup.phase, veleroSaid) };
}

async function withApi<Result>(kubeconfig: string, use: (api: Api) => Promise<Result>): Promise<Result> {
  const { api, close } = apiOf(kubeconfig);
  return use(api).finally(close);
}

/** Of all of blue, by the real Velero, into the emulator's S3. It runs no longer when this returns. */
async function backUp(
  stage: Stage,
  { folder, record }: Production,
  kubeconfig: string,
): Promise<{ name: string; phase: string }> {
  const endpoint = `http://127.0.0.1:${record.ports.aws}`;
  const { region } = record;
  const credentials = { accessKeyId: "sandbox", secretAccessKey: "sandbox" };
  const s3 = new S3Client({ region, endpoint, credentials, forcePathStyle: true });
  const LocationConstraint = region as "eu-central-1";
  await s3.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint } }));
  s3.destroy();
  const velero = await startVelero({
    ...{ kubeconfig, dir: folder.path("velero"), processes: folder.processes },
    ...{ store: { bucket, prefix: "blue", region, endpoint }, env: stage.env, signal: stage.signal },
  });
  try {
    const phase = await velero.backup("nightly");
    stage.aside(`velero backup create nightly: ${phase}, in s3://${bucket}/blue`);
    return { name: "nightly", phase };
  } finally {
    await velero.stop();
  }
}

/** What Velero's own installation says of a cluster that doesn't answer; undefined where it went well. */
async function installVelero({ env, signal }: Stage, kubeconfig: string): Promise<string | undefined> {
  const { velero } = await ensureBinaries(["velero"], { env, signal });
  const store = ["--provider", "aws", "--bucket", bucket, "--no-secret", "--plugins", "velero/velero-plugin-for-aws"];
  try {
    await runCommand(velero, ["install", "--kubeconfig", kubeconfig, ...store], { env, signal });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommandFailed || error instanceof UserError)) throw error;
    return messageOf(error).trim().split("\n").at(-1) ?? "";
  }
}

/** Resolves to when the first request of the way back was answered, by whatever cluster. */
async function untilAnswered(load: LoadChild, signal: AbortSignal): Promise<number> {
  for (;;) {
    const { http, syslog } = await load.counts();
    const served = [http, syslog].flatMap((kind) => Object.values(kind[phases.back]?.servedBy ?? {}));
    if (served.some((count) => count > 0)) return performance.now();
    await sleep(100, undefined, { signal });
  }
}

const aSecret = "/api/v1/namespaces/shop/secrets/web-session-keys";

/** What of a few objects isn't on green as it was last: a Secret of the backup, and what the day made and edited. */
async function look(api: Api, secret: unknown): Promise<string[]> {
  const data = (object: unknown) => JSON.stringify((object as { data?: unknown }).data);
  const checks: [string, (found: unknown) => boolean][] = [
    [aSecret, (found) => data(found) === data(secret)],
    ["/api/v1/namespaces/shop/configmaps/web", (found) => data(found).includes('"release":"4.19.0"')],
    ["/api/v1/namespaces/shop/configmaps/vouchers", (found) => data(found).includes("10 %")],
    ["/api/v1/namespaces/shop/services/vouchers", () => true],
    ["/apis/apps/v1/namespaces/shop/deployments/vouchers", () => true],
  ];
  const wrong: string[] = [];
  for (const [path, isRight] of checks) {
    const found = await api("GET", path).catch(() => undefined);
    if (!found || !isRight(found)) wrong.push(path);
  }
  return wrong;
}

/** What blue had at last, and a bundle doesn't have. */
async function notIn(dir: string, all: readonly LastSeen[]): Promise<string[]> {
  const { kinds } = await readManifest(dir);
  const there = new Set<string>();
  for (const kind of kinds)
    for await (const { ref } of readKind(dir, kind)) there.add(refKey({ ...ref, ...homeOf(ref) }));
  return all.filter(({ key }) => !there.has(key)).map(({ key }) => key);
}

function problemsOf(summary: WorstNightSummary, backup: string, veleroSaid: string | undefined): string[] {
  const { objects, from, lost, comesBack, lastSeen, requests, blueVerbs, leftovers } = summary;
  const { listed, ...endings } = objects;
  const sum = Object.values(endings).reduce((a, b) => a + b, 0);
  const of = (phase: string) => [requests.http[phase], requests.syslog[phase]].flatMap((counts) => counts ?? []);
  const [before, dead, after] = [phases.before, phases.dead, phases.after].map(of);
  const sent = (counts: typeof before) => (counts ?? []).reduce((total, each) => total + each.sent, 0);
  const failed = (counts: typeof before) => (counts ?? []).reduce((total, each) => total + each.failed, 0);
  const notGreens = (after ?? []).flatMap(({ servedBy }) => Object.keys(servedBy)).filter((name) => name !== "green");
  const written = Object.keys(blueVerbs).filter((verb) => !["get", "list", "watch"].includes(verb));
  const checks: [boolean, string][] = [
    [backup === "Completed", `Velero ended its backup ${backup}`],
    [veleroSaid !== undefined, "Velero could be deployed on a dead blue"],
    [failed(before) === 0 && sent(before) > 0, `${failed(before)} requests failed while blue served`],
    [
      failed(dead) === sent(dead) && sent(dead) > 0,
      `${sent(dead) - failed(dead)} requests were answered by a dead blue`,
    ],
    [failed(after) === 0, `${failed(after)} requests failed once green served`],
    [sent(after) >= leastAnswers, `only ${sent(after)} requests were sent to green`],
    [notGreens.length === 0, `answered by ${notGreens.join(", ")} once green served`],
    [from.length === 2 && from.every((part) => part.objects > 0), "not both archives gave objects"],
    [lastSeen.secrets > 0, "blue had no Secrets, so nothing is said of them"],
    [lost.length === 0, `lost: ${lost.slice(0, 10).join(", ")}`],
    [objects.failed === 0, `${objects.failed} objects failed`],
    [sum === listed, `${listed} objects listed, ${sum} accounted for`],
    [comesBack.includes(deleted), "what was deleted since the backup isn't named"],
    [written.length === 0, `blue saw ${written.join(", ")}`],
    [leftovers.length === 0, `left over: ${leftovers.join(", ")}`],
  ];
  return checks.filter(([holds]) => !holds).map(([, problem]) => `the worst night: ${problem}`);
}
