import { textAt } from "../../../model/json.js";
import type { Remark } from "../../../model/migration.js";
import { notice } from "./adaptation.js";
import { podKinds, podTemplateOf } from "./pod-template.js";

const criticalPod = "scheduler.alpha.kubernetes.io/critical-pod";
const nodeSelector = "scheduler.alpha.kubernetes.io/node-selector";

/** Annotations by which old versions were told what newer ones read elsewhere, or only where an admission plugin is on. */
export const lostAnnotations = notice({
  id: "lost-annotations",
  reason: "Annotations of the scheduler that newer versions don't read by themselves are pointed out.",
  kinds: ["Namespace", ...podKinds],
  look(object) {
    const { annotations, spec } = podTemplateOf(object) ?? {};
    const selector = object.kind === "Namespace" ? object.metadata.annotations?.[nodeSelector] : undefined;
    return [
      ...(annotations && criticalPod in annotations && !textAt(spec, "priorityClassName") ? [notCritical] : []),
      ...(selector ? [needsAdmission(selector)] : []),
    ];
  },
});

const notCritical: Remark = {
  id: "critical-pod-annotation",
  severity: "warning",
  why: `It is called critical by the annotation ${criticalPod}, which does nothing since 1.16, and has no priority class.`,
  whatToDo: "Set priorityClassName (system-cluster-critical, system-node-critical) in its manifest, or by a transform.",
};

function needsAdmission(selector: string): Remark {
  return {
    id: "namespace-node-selector",
    severity: "warning",
    why: `Its pods run on nodes ${selector} only where the API server runs the admission plugin PodNodeSelector.`,
    whatToDo: "See that green runs it (EKS does not), or put the selector into the workloads.",
  };
}
