import { z } from "zod";

/**
 * What is read of kops' Cluster and InstanceGroup, version v1alpha2 as kops 1.8 and later write it. Other fields are kops' own
 * matter, and let pass. https://kops.sigs.k8s.io/cluster_spec/ and https://kops.sigs.k8s.io/instance_groups/
 */
const text = z.string("must be text");
const texts = z.array(text, "must be a list of texts");
const nodes = z.int("must be a whole number of nodes").min(0, "can't be negative");
const range = z.cidrv4("must be an IPv4 range, such as 172.20.0.0/16");

const subnet = z.object({
  name: text,
  /** In old specifications a subnet may be named after its zone, and say no more. */
  zone: text.optional(),
  cidr: range.optional(),
  /** Where the subnet is shared: one that kops didn't make. */
  id: text.optional(),
  type: z.enum(["Public", "Private", "Utility", "DualStack"], "must be Public, Private or Utility").default("Public"),
});

const placement = z.enum(["public", "private"], "must be public or private");

export const clusterSpec = z.object({
  kubernetesVersion: text.optional(),
  networkCIDR: range.optional(),
  additionalNetworkCIDRs: z.array(range, "must be a list of ranges").default([]),
  /** The VPC, where it is shared. */
  networkID: text.optional(),
  networking: z.record(z.string(), z.unknown(), "must be a mapping with the plugin's name").default({}),
  subnets: z.array(subnet, "must be a list of subnets").min(1, "names no subnet"),
  topology: z.object({ masters: placement.optional(), nodes: placement.optional() }).optional(),
  kubernetesApiAccess: z.array(range, "must be a list of ranges").default([]),
  sshAccess: z.array(range, "must be a list of ranges").default([]),
  etcdClusters: z
    .array(z.object({ name: text, etcdMembers: z.array(z.object({ name: text })).default([]) }))
    .default([]),
});

const taint = z
  .string("must be text")
  .regex(/^[^=:]+(=[^=:]*)?:(NoSchedule|PreferNoSchedule|NoExecute)$/, "must look like key=value:NoSchedule");

export const instanceGroupSpec = z.object({
  role: z.enum(
    ["Master", "ControlPlane", "APIServer", "Node", "Bastion"],
    "must be Master, ControlPlane, APIServer, Node or Bastion",
  ),
  machineType: text.optional(),
  minSize: nodes.optional(),
  maxSize: nodes.optional(),
  /** A bid, in dollars: the group is one of spot instances. */
  maxPrice: z.union([z.string(), z.number()], "must be a price").optional(),
  mixedInstancesPolicy: z
    .object({
      instances: texts.default([]),
      onDemandBase: nodes.optional(),
      /** Per cent. */
      onDemandAboveBase: nodes.optional(),
    })
    .optional(),
  subnets: texts.optional(),
  nodeLabels: z.record(z.string(), z.string("must be text, quoted"), "must be a mapping").default({}),
  taints: z.array(taint, "must be a list").default([]),
  /** GiB. */
  rootVolumeSize: z.int("must be a whole number of GiB").optional(),
  rootVolumeType: text.optional(),
  additionalSecurityGroups: texts.default([]),
  associatePublicIp: z.boolean("must be true or false").optional(),
});

export type ClusterSpec = z.output<typeof clusterSpec>;
export type InstanceGroupSpec = z.output<typeof instanceGroupSpec>;

/** One cluster of kops, and its groups. */
export interface KopsCluster {
  /** `blue.acme.example` */
  name: string;
  spec: ClusterSpec;
  groups: { name: string; spec: InstanceGroupSpec }[];
}
