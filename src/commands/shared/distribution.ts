import type { Topology } from "../../model/plan.js";
import type { Assessment } from "../../plan/assessment.js";

/** What set a cluster up, by the labels of its nodes. */
export function distributionOf({ groups }: Topology): Assessment["distribution"] {
  const labels = groups.flatMap((group) => Object.keys(group.labels));
  if (labels.some((label) => label.startsWith("kops.k8s.io/"))) return "kops";
  return labels.some((label) => label.startsWith("eks.amazonaws.com/")) ? "eks" : "any";
}
