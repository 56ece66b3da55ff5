import { expect, it } from "vitest";
import type { JournalRecord } from "../../src/model/journal.js";
import type { KubeObject } from "../../src/model/objects.js";
import { checkGates } from "../../src/run/gates/index.js";
import { FileJournal, readJournal } from "../../src/run/journal.js";
import type { RunFolder } from "../../src/run/run-folder.js";
import { limits, now, soundEvidence } from "../run/evidence.js";
import { configuredPlace, placeWithRun } from "./place.js";

const rules = [{ name: "billing", reason: "It sends invoices", select: { kind: "CronJob", name: "billing" } }];
const workloads = { exclusive: { context: "blue-hand-over", kubeconfig: "hand-over.yaml", rules } };

/** Blue's CronJob was stopped, and all traffic has moved back. */
async function stopped(run: RunFolder): Promise<void> {
  const object = { group: "batch", kind: "CronJob", namespace: "shop", name: "billing" };
  const edit = {
    clusterId: "blue-id",
    object,
    apiVersion: "batch/v1",
    path: ["spec", "suspend"],
    original: false,
    ours: true,
  };
  const step = "stop-1/CronJob.batch shop/billing";
  const journal = await FileJournal.open(run.journalPath, () => new Date(now));
  const records: JournalRecord[] = [
    {
      type: "intent",
      step,
      phase: "stop",
      what: "stop",
      target: "billing",
      before: { edit, value: false },
      after: { edit, value: true },
    },
    { type: "done", step, result: { outcome: "done" } },
  ];
  for (const record of records) await journal.append(record);
  await journal.close();
}

it("says what blue still lacks after a rollback that could not ask it, and lets nothing be taken for how blue is", async () => {
  const { place, run } = await placeWithRun({ workloads });
  await stopped(run);
  expect((await place.json<{ next: string }>("status")).json.next).toMatch(/stopped on blue is not started again/);
  const dry = await place.run(["rollback", "--dry-run"]);
  expect(dry).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      /Then on blue, started again\n {2}CronJob\.batch shop\/billing \(spec\.suspend: true -> false\)/,
    ),
  });
  const back = await place.run(["rollback"]);
  expect(back).toMatchObject({
    code: 37,
    stdout: expect.stringMatching(/NOT started again: kubeconfig .*hand-over\.yaml/),
    stderr: expect.stringContaining("warning:"),
  });
  for (const command of ["migrate", "prepare"])
    expect(await place.json(command)).toMatchObject({
      code: 28,
      json: { error: { what: "Exclusive workloads are stopped on blue.", fix: expect.stringContaining("rollback") } },
    });
  const evidence = { ...soundEvidence(), journal: await readJournal(run.journalPath) };
  const refused = checkGates("export", evidence, limits).filter(({ refusal }) => refusal);
  expect(refused.map(({ gate, refusal }) => `${gate.id}: ${refusal?.what}`)).toEqual([
    "traffic-moved: Exclusive workloads are stopped on blue.",
  ]);
});

it("prints the role that the configuration's rules ask for", async () => {
  const place = await configuredPlace("kubeconfig.yaml", { workloads });
  const { json } = await place.json<{ objects: KubeObject[] }>("permissions", "blue-hand-over");
  expect(json.objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    "Namespace clustershift",
    "ServiceAccount clustershift-blue-hand-over",
    "ClusterRole clustershift-blue-hand-over",
    "ClusterRoleBinding clustershift-blue-hand-over",
  ]);
  expect(json.objects[2]).toMatchObject({
    rules: [{ resources: ["cronjobs"], resourceNames: ["billing"], verbs: ["get", "patch"] }, {}, {}],
  });
});
