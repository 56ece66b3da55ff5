import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { LoadChild } from "../../../src/sandbox/load/child.js";
import { blueAudit, green, type Production, smokeUntilPassed, standUp, takeDown } from "../production.js";
import { trafficSnapshot } from "../snapshot.js";
import type { Stage } from "../stage.js";
import { type MigrationSummary, totals } from "../summary.js";

/** Of the load, so that zero failures mean something. */
const leastRequests = 5_000;
const readVerbs = new Set(["get", "list", "watch"]);

export interface PlayedMigration {
  summary: MigrationSummary;
  /** Path of the report. */
  report: string;
  problems: string[];
}

/** From nothing to a finished migration: the incident's fault on the way, a cutover under load, and the way back. */
export async function playMigration(stage: Stage, sandbox: string): Promise<PlayedMigration> {
  stage.say("Blue: production as it was in 2019, three zones, groups master, nodes and syslog");
  const production = await standUp(stage, sandbox);
  const load = await production.startLoad();
  try {
    return await play(stage, sandbox, production, load);
  } finally {
    await load.stop().catch(() => undefined);
  }
}

async function play(
  stage: Stage,
  sandbox: string,
  { folder, record }: Production,
  load: LoadChild,
): Promise<PlayedMigration> {
  const { signal } = stage;
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
  const leftovers = await takeDown(stage, sandbox);
  const { accounting } = migrated as unknown as { accounting: { total: MigrationSummary["objects"] } };
  const apiMs = (answer: typeof cutover): number =>
    (answer.json as unknown as { result: { apiMs: number } }).result.apiMs;
  const { failures, failingSeconds, ...requests } = result;
  const summary: MigrationSummary = {
    objects: accounting.total,
    requests,
    failures,
    cutoverApiMs: Math.round(apiMs(cutover)),
    rollbackApiMs: Math.round(apiMs(rollback)),
    outageSeconds: failingSeconds,
    blueVerbs,
    rollbackExact: exact,
    leftovers,
  };
  const { html } = report as unknown as { html: string };
  return { summary, report: join(stage.cwd, html.slice(stage.cwd.length)), problems: problemsOf(summary, untouched) };
}

function problemsOf(summary: MigrationSummary, untouched: boolean): string[] {
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
