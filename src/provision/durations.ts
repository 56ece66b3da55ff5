import type { ChangeKind } from "../model/stack-change.js";

/** How long AWS usually takes for one resource, and when in a stack's course it is made. */
interface Usual {
  seconds: number;
  /** Those of one stage are made at the same time; the next begins when all of them are there. */
  stage: number;
}

/** Facts in one place, as people see them with EKS; what a run measures itself takes their place while it lasts. */
const usual: Record<string, Usual> = {
  "aws:eks/cluster:Cluster": { seconds: 600, stage: 2 },
  "aws:eks/nodeGroup:NodeGroup": { seconds: 180, stage: 4 },
  "aws:eks/addon:Addon": { seconds: 60, stage: 5 },
  "aws:eks/accessEntry:AccessEntry": { seconds: 5, stage: 3 },
  "aws:ec2/natGateway:NatGateway": { seconds: 120, stage: 1 },
  "aws:ec2/vpcEndpoint:VpcEndpoint": { seconds: 90, stage: 1 },
  "aws:lb/loadBalancer:LoadBalancer": { seconds: 150, stage: 1 },
  "aws:kms/key:Key": { seconds: 10, stage: 0 },
  "aws:iam/role:Role": { seconds: 4, stage: 0 },
  "kubernetes:apps/v1:Deployment": { seconds: 30, stage: 6 },
  "kubernetes:apps/v1:DaemonSet": { seconds: 30, stage: 6 },
  "pulumi-nodejs:dynamic:Resource": { seconds: 20, stage: 2 },
};

/** What goes away is waited for, too. */
const removal: Record<string, number> = {
  "aws:eks/cluster:Cluster": 240,
  "aws:eks/nodeGroup:NodeGroup": 300,
  "aws:ec2/natGateway:NatGateway": 90,
};

const few: Record<"aws" | "kubernetes" | "other", Usual> = {
  aws: { seconds: 3, stage: 1 },
  kubernetes: { seconds: 3, stage: 6 },
  other: { seconds: 0, stage: 0 },
};

export function usualStage(type: string): number {
  return (usual[type] ?? unnamed(type)).stage;
}

/** Milliseconds. */
export function usualDuration(type: string, kind: ChangeKind): number {
  const making = (usual[type] ?? unnamed(type)).seconds;
  const removing = removal[type] ?? Math.min(making, 10);
  if (kind === "same") return 0;
  return 1000 * (kind === "delete" ? removing : kind === "replace" ? removing + making : making);
}

function unnamed(type: string): Usual {
  const [provider] = type.split(":");
  return few[provider === "aws" || provider === "kubernetes" ? provider : "other"];
}
