import type { ChangeKind, Properties, StackChange } from "../../src/model/stack-change.js";

/** A change of a cluster stack's preview. */
export function change(
  type: string,
  after: Properties | undefined,
  {
    name = "green",
    kind = "create",
    component = "clustershift:cluster:Part",
    ...rest
  }: {
    name?: string;
    kind?: ChangeKind;
    component?: string;
  } & Partial<StackChange> = {},
): StackChange {
  return {
    urn: `urn:pulumi:prod-1-35::clustershift::${component}$${type}::${name}`,
    type,
    name,
    kind,
    because: [],
    isProtected: false,
    ...(after && { after }),
    ...rest,
  };
}

export const cluster = "aws:eks/cluster:Cluster";
export const nodeGroup = "aws:eks/nodeGroup:NodeGroup";
export const template = "aws:ec2/launchTemplate:LaunchTemplate";
