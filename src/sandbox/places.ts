import { UserError } from "../model/errors.js";
import type { SandboxRecord } from "./sandbox-folder.js";

/** What a cluster's edge calls itself. It is the cluster's for as long as it stands, whatever its role is by then. */
export const colours = ["blue", "green"] as const;
export type Colour = (typeof colours)[number];

/** Where a cluster stands in the sandbox's network. */
export interface Place {
  colour: Colour;
  /** The edge's. */
  address: string;
}

/** The last number of the first address that instances have of their own; a place has room for fifty. */
const firstPublicIp: Record<Colour, number> = { green: 100, blue: 150 };

/** What no standing cluster has: a sandbox has room for two, the one that serves and the one that will. */
export function freePlace(
  { name, addresses }: Pick<SandboxRecord, "name" | "addresses">,
  standing: readonly { name: string; colour: Colour }[],
): Place {
  const colour = (["green", "blue"] as const).find((each) => standing.every((cluster) => cluster.colour !== each));
  if (colour) return { colour, address: addresses[colour] };
  throw new UserError({
    code: "usage",
    what: `Sandbox "${name}" has two clusters already: ${standing.map((cluster) => cluster.name).join(" and ")}.`,
    fix: `Remove the one that doesn't serve: clustershift sandbox remove CLUSTER --name ${name}`,
  });
}

/** Each instance with an address of loopback beside the edge's, as instances in public subnets have one of their own. */
export function withPublicIps<Instance>(
  instances: readonly Instance[],
  { colour, address }: Place,
): (Instance & { publicIp: string })[] {
  const prefix = address.slice(0, address.lastIndexOf("."));
  return instances.map((instance, index) => ({ ...instance, publicIp: `${prefix}.${firstPublicIp[colour] + index}` }));
}
