import { randomBytes } from "node:crypto";
import type { Params } from "../aws-api/check.js";
import { AwsError } from "../aws-api/read-answer.js";

/** What is kept of one cluster, beyond what the emulator knows of it. */
export interface ClusterState {
  /** What CreateCluster said and the emulator forgets. */
  own: Params;
  /** The security group that EKS makes for control plane and nodes. */
  securityGroupId: string;
  /** What CreateNodegroup said and the emulator forgets, by node group. */
  nodeGroups: Map<string, Params>;
  addOns: Map<string, Params>;
  /** By principal, with the policies that it is associated with. */
  entries: Map<string, { entry: Params; policies: Map<string, Params> }>;
  /** By id. */
  associations: Map<string, Params>;
}

/** State of the stand-in: by cluster. It is as large as the emulator's and lives as long. */
export type EksState = Map<string, ClusterState>;

export function newCluster(own: Params, securityGroupId: string): ClusterState {
  const [nodeGroups, addOns, associations] = [new Map(), new Map(), new Map()];
  return { own, securityGroupId, nodeGroups, addOns, entries: new Map(), associations };
}

/** @throws AwsError as EKS says that it hasn't got something */
export function need<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new AwsError("ResourceNotFoundException", 404, `No ${what}`);
  return found;
}

/** @throws AwsError as EKS says that something is there already */
export function refuseExisting(there: boolean, what: string): void {
  if (there) throw new AwsError("ResourceInUseException", 409, `${what} already exists`);
}

export function invalid(what: string): AwsError {
  return new AwsError("InvalidParameterException", 400, what);
}

export function newId(prefix: string): string {
  return `${prefix}${randomBytes(9).toString("hex").slice(0, 17)}`;
}
