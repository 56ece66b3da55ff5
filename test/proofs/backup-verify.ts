import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Proof, Report } from "../../scripts/proofs.js";
import type { KubeWriter } from "../../src/kube/api.js";
import { connect, connectReadOnly } from "../../src/kube/connect.js";
import type { BackupVerification } from "../../src/model/backup.js";
import { describeBinaryEvent } from "../../src/sandbox/binaries/progress.js";
import { startControlPlane, stopControlPlane } from "../../src/sandbox/cluster/control-plane.js";
import { type Bench, type Judged, judge } from "./backup/judge.js";
import { besideBlue, commandPlace, exportOf, goOn, loadBlue } from "./backup/live.js";
import { type Plant, sound, unfit, unreadable } from "./backup/plants.js";

export const proof: Proof = {
  name: "backup-verify",
  summary:
    "backup verify names each of 30 planted defects rightly, in bundles, Velero's files and folders, and passes sound ones.",
  async run(report) {
    const dir = await mkdtemp(join(tmpdir(), "clustershift-backup-verify-"));
    try {
      const [blue, control] = [await start(dir, "blue", report), await start(dir, "control", report)];
      await loadBlue(blue.kube);
      const judged = await judgeAll(unreadable, { dir }, report);
      judged.push(...(await judgeAll(sound, { dir, control: control.kube }, report)));
      // Velero's own fixtures are of clusters that had other objects of the same names.
      await removeNamespace(control.kube, "shop");
      judged.push(...(await judgeAll(unfit, { dir, control: control.kube }, report)));
      const openBlue = () => connectReadOnly({ kubeconfig: blue.kubeconfig, context: "blue", env: {} });
      const beside = { dir, control: control.kube, openBlue };
      judged.push(...(await judgeAll(besideBlue(blue.kube), beside, report)));
      const command = await byCommand(blue, dir, report);
      const plants = [...unreadable, ...sound, ...unfit, ...besideBlue(blue.kube)];
      const wrong = [...wrongOf(judged), ...command.wrong];
      const planted = plants.filter(({ defect }) => defect).length;
      await Promise.all([blue.kube.close(), control.kube.close()]);
      const figures = { planted, sound: plants.length - planted, ...command.figures, wrong };
      return { holds: wrong.length === 0 && planted >= 30, figures };
    } finally {
      await Promise.all(["blue", "control"].map((name) => stopControlPlane(join(dir, name))));
      await rm(dir, { recursive: true, force: true });
    }
  },
};

/** One after the other. */
export async function judgeAll(plants: readonly Plant[], bench: Bench, report: Report = () => {}): Promise<Judged[]> {
  const judged: Judged[] = [];
  for (const plant of plants) {
    const one = await judge(plant, bench);
    report(`${plant.name}: ${one.wrong ?? (plant.defect ? plant.defect.id : "passed")}`);
    judged.push(one);
  }
  return judged;
}

export function wrongOf(judged: readonly Judged[]): string[] {
  return judged.flatMap(({ name, wrong, found }) =>
    wrong ? [`${name}: ${wrong}: ${found.slice(0, 5).join("; ")}`] : [],
  );
}

async function removeNamespace(kube: KubeWriter, name: string): Promise<void> {
  const namespaces = (await kube.discover()).resources.find(({ group, kind }) => group === "" && kind === "Namespace");
  if (!namespaces) throw new Error("no namespaces are served");
  await kube.delete(namespaces, name);
  while (await kube.get(namespaces, name)) await sleep(200);
}

async function start(dir: string, name: string, report: Report) {
  report(`starting Kubernetes 1.24.17 as ${name}`);
  const onProgress = (event: Parameters<typeof describeBinaryEvent>[0]) => report(describeBinaryEvent(event));
  const options = { name, dir: join(dir, name), version: "1.24.17" as const, kwok: false, fsync: false, onProgress };
  const { kubeconfigPath: kubeconfig } = await startControlPlane(options);
  return { kubeconfig, kube: await connect({ kubeconfig, context: name, env: {} }) };
}

/** The command as a person runs it, with a control plane of its own: a blue that went on, and an export that lacks something. */
async function byCommand({ kube, kubeconfig }: Awaited<ReturnType<typeof start>>, dir: string, report: Report) {
  const place = await commandPlace(dir, kubeconfig);
  const wrong: string[] = [];
  const verify = async (bundle: string, code: number): Promise<BackupVerification> => {
    const began = performance.now();
    const ended = await place.json<{ verification: BackupVerification }>("backup", "verify", bundle);
    report(`backup verify ended with ${ended.code} after ${Math.round((performance.now() - began) / 1000)} s`);
    if (ended.code !== code) wrong.push(`backup verify ended with ${ended.code}: ${ended.stdout.slice(0, 2000)}`);
    return ended.json.verification;
  };
  const [whole, lacking] = [await mkdtemp(join(dir, "whole-")), await mkdtemp(join(dir, "lacking-"))];
  const bundle = await exportOf(kube, whole);
  const without = await exportOf(kube, lacking, (object) => (object.metadata.name === "database" ? undefined : object));
  await goOn(kube);
  const passed = await verify(bundle, 0);
  const { made = 0, changed = 0, gone = 0 } = passed.blue?.changedSince ?? {};
  if (made < 1 || changed < 1 || gone < 1) wrong.push(`what changed since isn't told: ${JSON.stringify(passed.blue)}`);
  const failed = await verify(without, 77);
  if (!failed.defects.some(({ id, object }) => id === "missing" && object?.name === "database"))
    wrong.push(`the lost Secret isn't named: ${JSON.stringify(failed.defects)}`);
  return { wrong, figures: { objects: passed.objects, changedSince: { made, changed, gone } } };
}
