import type { NodeGroup } from "./plan.js";

/** Blue as green's stacks are drawn after it: read from a kops specification, from live nodes, or from both. */
export interface Shape {
  /** The cluster's own name; a kops one is a domain. */
  name: string;
  /** Kubernetes version, such as 1.10.13. */
  version?: string;
  region?: string;
  /** Groups of workers: what green's stack has a counterpart of. */
  groups: ShapeGroup[];
  network: ShapeNetwork;
  /** What else was seen, in whole sentences: what it is, and what becomes of it. */
  remarks: string[];
}

export interface ShapeGroup {
  name: string;
  zones: string[];
  /** Sizes are of the whole group, over all of its zones. */
  min: number;
  max: number;
  desired?: number;
  /** The first is preferred; empty where nothing shows them. */
  instanceTypes: string[];
  spot: boolean;
  rootVolumeGiB?: number;
  labels: Record<string, string>;
  taints: NodeGroup["taints"];
  /** Its nodes own Elastic IPs: they must stand in public subnets. */
  ownsAddresses: boolean;
}

export interface ShapeNetwork {
  vpcId?: string;
  /** Ranges of the VPC, and others that nothing new may overlap. */
  cidrs: string[];
  subnets: ShapeSubnet[];
}

export interface ShapeSubnet {
  /** Absent where only its specification is known. */
  id?: string;
  zone: string;
  /** Whether its traffic goes out by an internet gateway. */
  public: boolean;
}
