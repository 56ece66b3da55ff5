import type { Instance } from "./aws/instances.js";
import type { NodeGroup } from "./cluster/nodes.js";

/** The incident's production: three zones, and the instance groups master, nodes and syslog. */
export const region = "eu-central-1";
export const availabilityZones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];
export const zone = "acme.example.";
export const hosts = ["app", "api", "shop", "status"];

/** Seconds: short, so that a demo is. Production would lower its TTLs ahead of a cutover too. */
export const recordTtl = 2;

export interface GroupShape {
  name: string;
  role: "master" | "node";
  count: number;
  taints?: { key: string; value?: string; effect: "NoSchedule" }[];
}

export const groups: readonly GroupShape[] = [
  {
    name: "master",
    role: "master",
    count: 3,
    taints: [{ key: "node-role.kubernetes.io/master", effect: "NoSchedule" }],
  },
  { name: "nodes", role: "node", count: 6 },
  { name: "syslog", role: "node", count: 3, taints: [{ key: "dedicated", value: "syslog", effect: "NoSchedule" }] },
];

/** The group whose instances have Elastic IPs. */
export const addressGroup = "syslog";

/** The groups as nodes, on the instances that were launched for them. `broken`: groups with the planted fault. */
export function nodeGroups(instances: readonly Instance[], broken: readonly string[] = []): NodeGroup[] {
  return groups.map(({ name, role, taints }) => ({
    name,
    role,
    instanceType: "m5.large",
    instances: instances.filter(({ group }) => group === name),
    ...(taints && { taints }),
    ...(broken.includes(name) && { broken: true }),
  }));
}
