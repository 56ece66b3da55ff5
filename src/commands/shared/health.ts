import type { KubeReader } from "../../kube/api.js";
import { lookAt } from "../../kube/health.js";
import type { ClusterHealth, HealthLook } from "../../model/health.js";
import { illnessAt } from "../../model/health.js";
import type { GreenRecord } from "../../model/run.js";
import type { CheckResult } from "../../model/smoke.js";
import type { RunFolder } from "../../run/run-folder.js";
import { connectBlue, connectGreen } from "./clusters.js";
import type { Context } from "./command.js";
import { type GatheredEvidence, milliseconds, type Project } from "./project.js";

/**
 * Looks at both clusters as often as the configuration says. A bad look is a cluster's last, since no later one makes it good; the
 * other one is looked at all the same, as each must be told of by what it showed itself.
 */
export async function lookAtClusters(
  project: Project,
  run: RunFolder,
  { plan, green }: GatheredEvidence,
  context: Context,
): Promise<ClusterHealth> {
  if (!plan || !green) return { blue: [], green: [] };
  // A blue of which an archive has to do is likely dead: it isn't asked again and again.
  const tuning = plan.archive ? { attempts: 2 } : {};
  const clusters = await Promise.all([
    connectBlue(project, context, tuning),
    connectGreen(project, run, green, context),
  ]);
  const ids = [plan.blue.clusterId, green.clusterId];
  const { times, every, nodes } = project.config.health;
  const looks: HealthLook[][] = [[], []];
  const ill = [false, false];
  try {
    for (let count = 0; count < times; count++) {
      if (count > 0) await context.edges.sleep(milliseconds(every), context.edges.signal);
      else if (times > 1) context.progress.line(`looking at both clusters ${times} times, every ${every}`);
      const now = await Promise.all(
        clusters.map((kube, index) => (ill[index] ? undefined : look(kube, project, context))),
      );
      for (const [index, each] of now.entries()) {
        if (!each) continue;
        looks[index]?.push(each);
        ill[index] = illnessAt(each, nodes, ids[index] ?? "") !== undefined;
      }
      if (ill.every((is) => is)) break;
    }
  } finally {
    await Promise.all(clusters.map((kube) => kube.close()));
  }
  const [blue = [], ofGreen = []] = looks;
  return { blue, green: ofGreen };
}

function look(kube: KubeReader, { config }: Project, { edges }: Context): Promise<HealthLook> {
  return lookAt(kube, config.health.namespaces, { now: edges.now, signal: edges.signal });
}

/** Green's health as one of the checks between the steps. What can't be seen is inconclusive there: it is looked at again. */
export async function checkHealth(
  project: Project,
  { clusterId }: GreenRecord,
  kube: KubeReader,
  context: Context,
): Promise<CheckResult> {
  const began = context.edges.now().getTime();
  const seen = await look(kube, project, context);
  const why = illnessAt(seen, project.config.health.nodes, clusterId);
  return {
    name: "green's health",
    kind: "health",
    outcome: why === undefined ? "passed" : seen.error === undefined ? "failed" : "inconclusive",
    detail:
      why ??
      `${seen.nodes?.ready} of ${seen.nodes?.total} nodes Ready, ${seen.workloads?.total} system workloads whole`,
    ms: context.edges.now().getTime() - began,
  };
}
