import type { KubeObject } from "../../model/objects.js";
import { lackOf, podTrouble } from "../../model/workload-status.js";
import { type ClusterCheck, unless } from "../check.js";

const critical = ["system-cluster-critical", "system-node-critical"];

/** What everything else needs: pods of kube-system, and those that say so by their priority. */
export const systemPods: ClusterCheck = {
  name: "system pods",
  check({ pods }) {
    const needed = pods.filter((pod) => isSystem(pod) && (pod.status as { phase?: string })?.phase !== "Succeeded");
    const problems = needed.flatMap((pod) => {
      const trouble = pod.metadata.deletionTimestamp ? undefined : podTrouble(pod);
      return trouble === undefined ? [] : [`pod ${pod.metadata.namespace}/${pod.metadata.name}: ${trouble}`];
    });
    return unless(problems, `${needed.length} pods are Ready`);
  },
};

function isSystem({ metadata, spec }: KubeObject): boolean {
  const { priorityClassName } = (spec ?? {}) as { priorityClassName?: string };
  return metadata.namespace === "kube-system" || critical.includes(String(priorityClassName));
}

/** A DaemonSet that is on each node where it should be: its controller counts them. */
export const systemWorkloads: ClusterCheck = {
  name: "system workloads",
  check({ deployments, daemonSets }) {
    const workloads = [...deployments, ...daemonSets];
    const problems = workloads.flatMap((workload) => {
      const lack = lackOf(workload);
      return lack === undefined
        ? []
        : [`${workload.kind.toLowerCase()} kube-system/${workload.metadata.name}: ${lack}`];
    });
    return unless(
      problems,
      `${deployments.length} Deployments and ${daemonSets.length} DaemonSets of kube-system are whole`,
    );
  },
};
