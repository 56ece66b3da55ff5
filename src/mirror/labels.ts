import { refusedByKubelet } from "../model/kubelet-labels.js";

/** What green's node groups can carry of the labels of blue's nodes. */
export interface CarriedLabels {
  /** As green's settings take them. */
  labels: Record<string, string>;
  /** Key on blue -> key on green, for labels that no kubelet may set on its own node. */
  renamed: Record<string, string>;
}

/** Labels that name a node's group: each node of green has its group's name under this one. */
const groupKey = "clustershift.io/group";
const groupKeys = ["kops.k8s.io/instancegroup", "eks.amazonaws.com/nodegroup", groupKey];

/** What EKS, its autoscalers and its cloud provider set by themselves, with values of their own. */
const setByOthers = /^(eks\.amazonaws\.com|karpenter\.sh|karpenter\.k8s\.aws|topology\.k8s\.aws|k8s\.io)\//;

const ofKubernetes = /^(?:([^/]+)\.)?(?:kubernetes|k8s)\.io\/(.+)$/;

export function carriedLabels(labels: Readonly<Record<string, string>>): CarriedLabels {
  const carried: CarriedLabels = { labels: {}, renamed: {} };
  for (const [key, value] of Object.entries(labels)) {
    if (groupKeys.includes(key)) {
      if (key !== groupKey) carried.renamed[key] = groupKey;
      continue;
    }
    if (setByOthers.test(key)) continue;
    const ours = nameOnGreen(key);
    if (ours !== key) carried.renamed[key] = ours;
    carried.labels[ours] = value;
  }
  return carried;
}

/** `kops.k8s.io/lifecycle` -> `kops.clustershift.io/lifecycle`; others stay as they are. */
function nameOnGreen(key: string): string {
  const [, domain, name] = refusedByKubelet(key) ? (ofKubernetes.exec(key) ?? []) : [];
  if (name === undefined) return key;
  return `${domain === undefined ? "" : `${domain}.`}clustershift.io/${name}`;
}
