import { readKops } from "../../../mirror/kops/read.js";
import { shapeOfKops } from "../../../mirror/kops/shape.js";
import { shapeOfNodes, withLive } from "../../../mirror/live-shape.js";
import type { KubeObject } from "../../../model/objects.js";
import type { Shape, ShapeGroup } from "../../../model/shape.js";
import { groupOfNode } from "../../../plan/topology.js";
import type { Context } from "../command.js";
import { kopsTexts } from "./kops-source.js";
import type { Seen, Sources } from "./look-around.js";

/** The shape that a kops specification gives. @throws UserError `config-invalid` */
export async function specifiedShape(
  where: string,
  aws: { region: string; endpoint?: string } | undefined,
  context: Context,
): Promise<Shape> {
  return shapeOfKops(readKops(await kopsTexts(where, aws, context)));
}

/** Blue's shape, from what it was asked and from its specification, each for what it knows best. */
export function blueShape({ blueName, live }: Sources, seen: Seen, specified: Shape | undefined): Shape {
  const members = new Map<string, KubeObject[]>();
  for (const node of seen.nodes) {
    const group = groupOfNode(node);
    members.set(group, [...(members.get(group) ?? []), node]);
  }
  const { topology, network, traffic } = seen;
  const observed = shapeOfNodes({
    name: blueName,
    topology,
    members,
    addressGroups: traffic.addressGroups,
    network,
  });
  if (!specified) return observed;
  if (live) return withLive(specified, observed);
  return network
    ? { ...specified, network: { ...network, cidrs: [...network.cidrs, ...specified.network.cidrs] } }
    : specified;
}

/** `nodes 6–9 m5.xlarge (eu-central-1a, …), spot, labels …`: what green's group is drawn after. */
export function describeShapeGroup({ name, min, max, instanceTypes, zones, spot, labels, taints }: ShapeGroup): string {
  const labelled = Object.entries(labels).map(([key, value]) => (value ? `${key}=${value}` : key));
  const tainted = taints.map(({ key, value, effect }) => `${key}${value ? `=${value}` : ""}:${effect}`);
  return [
    `${name} ${min === max ? min : `${min}–${max}`}${instanceTypes.length > 0 ? ` ${instanceTypes.join("/")}` : ""} (${zones.join(", ") || "no zone"})`,
    ...(spot ? ["spot"] : []),
    ...(labelled.length > 0 ? [`labels ${labelled.join(" ")}`] : []),
    ...(tainted.length > 0 ? [`taints ${tainted.join(" ")}`] : []),
  ].join(", ");
}
