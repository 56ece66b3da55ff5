import type { KubeReader } from "../../kube/api.js";
import { listAll } from "../../kube/list-all.js";
import type { KubeObject } from "../../model/objects.js";
import { addOnsActive } from "../../validate/checks/add-ons.js";
import { freeAddresses } from "../../validate/checks/addresses.js";
import type { OutsideCheck } from "../../validate/look.js";
import { servedResource } from "../../validate/snapshot.js";
import { connectBlue } from "./clusters.js";
import type { Context } from "./command.js";
import { listNodes, nodeInstances } from "./nodes.js";
import type { Project } from "./project.js";
import { clockOf } from "./targets.js";

/** What EKS and EC2 say of a green that is theirs; none of another. */
export async function outsideChecks(
  project: Project,
  green: KubeReader,
  context: Context,
): Promise<{ checks: OutsideCheck[]; close(): void }> {
  const { config } = project;
  const { stack, name } = config.green;
  if (stack.kind !== "eks") return { checks: [], close() {} };
  const region = config.aws?.region ?? stack.settings.region;
  const aws = { ...config.aws, region: String(region) };
  const [{ openEks }, { openCapacity }] = await Promise.all([
    import("../../aws/eks.js"),
    import("../../aws/capacity.js"),
  ]);
  const edges = { clock: clockOf(context), random: context.edges.random };
  const eks = openEks(aws, edges);
  const capacity = openCapacity(aws, edges);
  // Blue is listed once for all looks.
  let toCome: Promise<number> | undefined;
  return {
    checks: [
      { name: "managed add-ons", kind: "eks", ask: async () => addOnsActive(await eks.addOns(name)) },
      {
        name: "free addresses",
        kind: "ec2",
        async ask() {
          const instances = nodeInstances(await listNodes(green)).map(({ instanceId }) => instanceId);
          const subnets = await capacity.subnetsOf(instances);
          if (subnets.length === 0) throw new Error("no node of green is an instance of EC2");
          toCome ??= podsToCome(project, green, context);
          return freeAddresses(subnets, await toCome);
        },
      },
    ],
    close() {
      eks.close();
      capacity.close();
    },
  };
}

/** Pods with addresses of their own that blue has, and green not yet. */
async function podsToCome(project: Project, green: KubeReader, context: Context): Promise<number> {
  const blue = await connectBlue(project, context);
  try {
    const [there, here] = await Promise.all([podsWithAddresses(blue), podsWithAddresses(green)]);
    return Math.max(0, there - here);
  } finally {
    await blue.close();
  }
}

async function podsWithAddresses(kube: Pick<KubeReader, "discover" | "pages">): Promise<number> {
  const { resources } = await kube.discover();
  return (await listAll(kube, servedResource(resources, "", "Pod"))).filter(hasAddress).length;
}

/** A pod of the host's network has the node's address, and one that has ended gives its own back. */
export function hasAddress({ spec, status }: KubeObject): boolean {
  const ended = ["Succeeded", "Failed"].includes(String((status as { phase?: string } | undefined)?.phase));
  return !ended && (spec as { hostNetwork?: boolean } | undefined)?.hostNetwork !== true;
}
