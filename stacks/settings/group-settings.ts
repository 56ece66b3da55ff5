import { z } from "zod";
import { refusedByKubelet } from "../../src/model/kubelet-labels.js";
import { name, repeated, zone } from "./common.js";
import { architectureOf, isTooSmall } from "./instance-types.js";
import { isQualifiedName, labelValue } from "./kubernetes-names.js";

const taint = z.strictObject({
  key: z
    .string("a taint needs a key")
    .min(1, { error: "a taint needs a key", abort: true })
    .refine(isQualifiedName, "is not a key that Kubernetes takes, such as dedicated or example.com/dedicated"),
  value: labelValue.optional(),
  effect: z.enum(
    ["NoSchedule", "PreferNoSchedule", "NoExecute"],
    "must be NoSchedule, PreferNoSchedule or NoExecute, as Kubernetes spells them",
  ),
});

const count = (least: number) =>
  z.int("must be a whole number of nodes").min(least, { error: `must be at least ${least}`, abort: true });

/** A group of like nodes: what kops calls an instance group. */
export const groupSchema = z
  .strictObject({
    name: name.describe("The group's name, once in a cluster; kops's instance groups have such names."),
    min: count(0).describe("The fewest nodes of the whole group, over all of its zones."),
    max: count(1).describe("The most nodes of the whole group, over all of its zones."),
    desired: count(0)
      .optional()
      .describe("What it starts with; an autoscaler's later choice is kept. Left out: as min."),
    instanceTypes: z
      .array(z.string().regex(/^[a-z0-9-]+\.[a-z0-9-]+$/, "is not an instance type, such as m6i.large"))
      .min(1, "at least one instance type is needed")
      .describe("The first that AWS has is taken; spot groups want several."),
    architecture: z
      .enum(["x86_64", "arm64"], "must be x86_64 or arm64")
      .default("x86_64")
      .describe("The processor of its instance types; the image, Amazon Linux 2023, is chosen by it."),
    capacity: z
      .enum(["on-demand", "spot"], "must be on-demand or spot")
      .default("on-demand")
      .describe("Spot nodes cost less, and AWS may take them back at two minutes' notice."),
    rootVolumeGiB: z
      .int("must be a whole number of GiB")
      .min(20, "must be at least 20 GiB")
      .max(16_384, "must be at most 16384 GiB")
      .default(50)
      .describe("The root volume (gp3, encrypted) of each node."),
    labels: z.record(z.string(), labelValue).default({}).describe("Labels of its nodes, beside clustershift.io/group."),
    taints: z.array(taint).default([]).describe("Taints of its nodes, with effects as Kubernetes spells them."),
    volumes: z
      .boolean("must be true or false")
      .default(false)
      .describe("Whether its pods have volumes, which can't leave their zone: one node group a zone then."),
    perZone: z
      .boolean("must be true or false")
      .optional()
      .describe("One node group a zone, so that an autoscaler can add a node in just that zone. Left out: as volumes."),
    zones: z
      .array(zone)
      .min(1, "at least one zone, or leave it out for all")
      .optional()
      .describe("Left out: every zone of the network."),
    subnets: z
      .enum(["private", "public"], "must be private or public")
      .default("private")
      .describe("`public` for nodes that own Elastic IPs."),
  })
  .superRefine((group, context) => {
    const refuse = (path: (string | number)[], message: string) => context.addIssue({ code: "custom", path, message });
    const desired = group.desired ?? group.min;
    if (group.max < group.min) refuse(["max"], `is less than min (${group.min})`);
    else if (desired < group.min || desired > group.max) {
      refuse(["desired"], `is not between min (${group.min}) and max (${group.max})`);
    }
    if (group.volumes && group.perZone === false && group.zones?.length !== 1) {
      refuse(
        ["perZone"],
        "must not be false where pods have volumes: a node in another zone can't attach them. Leave it out, or name one zone",
      );
    }
    for (const again of repeated(group.zones ?? [])) refuse(["zones"], `${again} is there twice`);
    for (const again of repeated(group.instanceTypes)) refuse(["instanceTypes"], `${again} is there twice`);
    for (const again of repeated(group.taints.map(({ key, effect }) => `${key}:${effect}`)))
      refuse(["taints"], `${again} is there twice`);
    group.instanceTypes.forEach((type, index) => {
      const processor = architectureOf(type);
      if (processor !== group.architecture) {
        refuse(["instanceTypes", index], `${type} is ${processor}, and the group's architecture ${group.architecture}`);
      }
      if (isTooSmall(type)) refuse(["instanceTypes", index], `${type} has room for no pods beside the add-ons'`);
    });
    for (const label of Object.keys(group.labels)) {
      const reason = refusedLabel(label);
      if (reason !== undefined) refuse(["labels", label], reason);
    }
  });

export type GroupSettings = z.output<typeof groupSchema>;

/** Whether a group is one node group a zone, rather than one over all. */
export function isPerZone({ perZone, volumes }: Pick<GroupSettings, "perZone" | "volumes">): boolean {
  return perZone ?? volumes;
}

function refusedLabel(label: string): string | undefined {
  if (!isQualifiedName(label)) return "is not a key that Kubernetes takes, such as tier or example.com/tier";
  if (refusedByKubelet(label)) {
    return "a kubelet may not set this label on its own node, and would not start: only node.kubernetes.io/ and kubelet.kubernetes.io/ are open to it";
  }
  const owner = label === "clustershift.io/group" ? "clustershift" : "EKS";
  const own = owner === "clustershift" || label.startsWith("eks.amazonaws.com/");
  return own ? `is ${owner}'s own label, and set by itself` : undefined;
}
