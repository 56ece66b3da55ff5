import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadProduction } from "../../examples/production/load.js";
import type { Proof, Report } from "../../scripts/proofs.js";
import type { KubeWriter } from "../../src/kube/api.js";
import { connect } from "../../src/kube/connect.js";
import { type ApiResource, type KubeObject, kindKey, refKey, refOf } from "../../src/model/objects.js";
import { readLive } from "../../src/replay/live-source.js";
import { rehearse } from "../../src/replay/rehearse.js";
import { type ReplaySource, replay } from "../../src/replay/replay.js";
import { standard } from "../../src/replay/standard.js";
import { describeBinaryEvent } from "../../src/sandbox/binaries/progress.js";
import type { KubernetesVersion } from "../../src/sandbox/binaries/versions.js";
import { startControlPlane, stopControlPlane } from "../../src/sandbox/cluster/control-plane.js";
import { applyWorkload } from "../../src/sandbox/workload.js";
import { type Plants, plants } from "./rehearsal/plants.js";

/** What a rehearsal refuses, beside what the real replay refuses: both by object, with the server's words. */
export interface Compared {
  planted: number;
  rehearsed: number;
  /** Planted, or refused by the real replay, but not found by the rehearsal. */
  missed: string[];
  /** Found by the rehearsal, but neither planted nor refused by the real replay. */
  invented: string[];
  /** Refused in both, but in other words, or for another reason than the planted one. */
  otherwise: string[];
}

export const proof: Proof = {
  name: "rehearsal",
  summary: "Rehearse finds all that the real replay refuses, on a workload with 30 planted refusals, and nothing else.",
  async run(report) {
    const folder = await mkdtemp(join(tmpdir(), "clustershift-rehearsal-"));
    try {
      const start = (name: string, version: KubernetesVersion, kwok: boolean) =>
        open(folder, name, version, kwok, report);
      const blue = await start("blue", "1.24.17", true);
      const green = await start("green", "1.35.4", true);
      // As the command starts it: no nodes, and nothing that makes pods run.
      const control = await start("rehearsal", "1.35.4", false);
      report("loading the workload into blue");
      await applyWorkload(blue, loadProduction(), new Date());
      const figures = await compareRehearsal(blue, control, green, report);
      await Promise.all([blue, green, control].map((server) => server.close()));
      const { missed, invented, otherwise, planted } = figures;
      return { holds: planted >= 30 && [missed, invented, otherwise].every(({ length }) => length === 0), figures };
    } finally {
      await Promise.all(["blue", "green", "rehearsal"].map((name) => stopControlPlane(join(folder, name))));
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function open(folder: string, name: string, version: KubernetesVersion, kwok: boolean, report: Report) {
  report(`starting Kubernetes ${version} as ${name}`);
  const onProgress = (event: Parameters<typeof describeBinaryEvent>[0]) => report(describeBinaryEvent(event));
  const plane = await startControlPlane({ name, dir: join(folder, name), version, kwok, fsync: false, onProgress });
  return connect({ kubeconfig: plane.kubeconfigPath, context: name, env: {} });
}

/** Plants refusals in blue, rehearses into one server what it then replays for real into another, and compares. */
export async function compareRehearsal(
  blue: KubeWriter,
  control: KubeWriter,
  green: KubeWriter,
  report: Report = () => undefined,
  read: (blue: KubeWriter, green: KubeWriter) => Promise<ReplaySource> = readAll,
): Promise<Compared & { objects: number }> {
  const planted = plants();
  report("planting refusals");
  await plant(blue, planted);
  const source = withWritten(await read(blue, green), planted.written);
  const options = { concurrency: 32, passDelayMs: 200 };
  report("rehearsing");
  const rehearsed = await rehearse(source, standard, { ...options, control, never: [], bundle: "planted", at: "" });
  report("replaying for real");
  const real = await replay(source, standard, { ...options, green });
  const refusals = real.outcomes.filter(({ ending }) => ending === "failed");
  return {
    objects: rehearsed.report.objects,
    ...compare(
      planted,
      new Map(rehearsed.report.refused.map(({ object, reason }) => [object, reason])),
      new Map(refusals.map(({ object, reason = "" }) => [refKey(object), reason])),
    ),
  };
}

function compare({ refused }: Plants, rehearsed: Map<string, string>, real: Map<string, string>): Compared {
  const due = new Set([...refused.keys(), ...real.keys()]);
  return {
    planted: refused.size,
    rehearsed: rehearsed.size,
    missed: [...due].filter((key) => !rehearsed.has(key)).map((key) => `${key}: ${real.get(key) ?? "not refused"}`),
    invented: [...rehearsed].filter(([key]) => !refused.has(key) || !real.has(key)).map((entry) => entry.join(": ")),
    otherwise: [...rehearsed]
      .filter(([key, reason]) => real.has(key) && (real.get(key) !== reason || !refused.get(key)?.test(reason)))
      .map(([key, reason]) => `${key}: rehearsed "${reason}", really "${real.get(key)}"`),
  };
}

async function readAll(blue: KubeWriter, green: KubeWriter): Promise<ReplaySource> {
  const { resources } = await green.discover();
  return readLive(blue, resources, standard.migrations);
}

async function plant(blue: KubeWriter, { before, after, gone }: Plants): Promise<void> {
  await applyWorkload(blue, before, new Date());
  const { resources } = await blue.discover();
  const resource = ({ apiVersion, kind }: KubeObject): ApiResource => {
    const found = resources.find(
      (it) => it.kind === kind && `${it.group ? `${it.group}/` : ""}${it.version}` === apiVersion,
    );
    if (!found) throw new Error(`blue doesn't serve ${apiVersion} ${kind}`);
    return found;
  };
  for (const object of after) {
    await blue.apply(resource(object), object, { fieldManager: "kubectl", force: true });
  }
  for (const object of gone) await blue.delete(resource(object), object.metadata.name, object.metadata.namespace);
}

/** The source as it would be if somebody had written these into the export. */
function withWritten(source: ReplaySource, written: readonly KubeObject[]): ReplaySource {
  const of = (resource: ApiResource) => written.filter((object) => kindKey(refOf(object)) === kindKey(resource));
  return {
    kinds: source.kinds.map(({ resource, count }) => ({ resource, count: count + of(resource).length })),
    async *objects(resource) {
      yield* source.objects(resource);
      yield* of(resource);
    },
  };
}
