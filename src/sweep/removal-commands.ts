import type { KubeObject } from "../model/objects.js";

/** Where blue was made by something that has a command for its removal: which, as a person would type it. */
export interface RemovalCommand {
  by: string;
  command: string[];
  /** What is to be filled in, or seen before. */
  note: string;
}

/** How a blue that no stack made can be removed, by what its nodes' labels say of who made it; empty where they say nothing. Pure. */
export function removalCommands(nodes: readonly KubeObject[], cluster: string, region = "REGION"): RemovalCommand[] {
  const labels = new Set(nodes.flatMap(({ metadata }) => Object.keys(metadata.labels ?? {})));
  const has = (prefix: string): boolean => [...labels].some((label) => label.startsWith(prefix));
  if (has("kops.k8s.io/"))
    return [
      {
        by: "kops",
        command: ["kops", "delete", "cluster", "--name", cluster, "--state", "s3://STATE-STORE", "--yes"],
        note: "without --yes it lists what it would delete; STATE-STORE is the bucket in $KOPS_STATE_STORE",
      },
    ];
  if (has("alpha.eksctl.io/"))
    return [
      {
        by: "eksctl",
        command: ["eksctl", "delete", "cluster", "--name", cluster, "--region", region, "--wait"],
        note: "it deletes the CloudFormation stacks that it made",
      },
    ];
  if (!has("eks.amazonaws.com/")) return [];
  return [
    {
      by: "EKS",
      command: ["aws", "eks", "delete-cluster", "--name", cluster, "--region", region],
      note: "its node groups go first: aws eks list-nodegroups, then delete-nodegroup for each",
    },
  ];
}
