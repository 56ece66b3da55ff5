import { z } from "zod";
import { name, zone } from "./common.js";

const taint = z.strictObject({
  key: z.string().min(1, "a taint needs a key"),
  value: z.string("must be text, quoted").optional(),
  effect: z.enum(
    ["NoSchedule", "PreferNoSchedule", "NoExecute"],
    "must be NoSchedule, PreferNoSchedule or NoExecute, as Kubernetes spells them",
  ),
});

const count = (least: number) => z.int("must be a whole number of nodes").min(least, `must be at least ${least}`);

/** A group of like nodes: what kops calls an instance group. */
export const groupSchema = z
  .strictObject({
    name,
    /** Sizes are of the whole group, over all of its zones. */
    min: count(0),
    max: count(1),
    /** What it starts with; an autoscaler's later choice is kept. Default: min. */
    desired: count(0).optional(),
    /** The first that AWS has is taken; spot groups want several. */
    instanceTypes: z
      .array(z.string().regex(/^[a-z0-9-]+\.[a-z0-9-]+$/, "is not an instance type, such as m6i.large"))
      .min(1, "at least one instance type is needed"),
    architecture: z.enum(["x86_64", "arm64"], "must be x86_64 or arm64").default("x86_64"),
    capacity: z.enum(["on-demand", "spot"], "must be on-demand or spot").default("on-demand"),
    rootVolumeGiB: z.int("must be a whole number of GiB").min(20, "must be at least 20 GiB").default(50),
    labels: z.record(z.string(), z.string("must be text, quoted")).default({}),
    taints: z.array(taint).default([]),
    /** One node group a zone: for pods with volumes, which can't leave their zone. */
    perZone: z.boolean().default(false),
    /** Default: every zone of the network. */
    zones: z.array(zone).min(1, "at least one zone, or leave it out for all").optional(),
    /** `public` for nodes that own Elastic IPs. */
    subnets: z.enum(["private", "public"], "must be private or public").default("private"),
  })
  .superRefine((group, context) => {
    const desired = group.desired ?? group.min;
    if (group.max < group.min) {
      context.addIssue({ code: "custom", path: ["max"], message: `is less than min (${group.min})` });
    } else if (desired < group.min || desired > group.max) {
      const message = `is not between min (${group.min}) and max (${group.max})`;
      context.addIssue({ code: "custom", path: ["desired"], message });
    }
    for (const label of Object.keys(group.labels).filter(refusedByKubelet)) {
      const message =
        "a kubelet may not set this label on its own node, and would not start: only node.kubernetes.io/ and kubelet.kubernetes.io/ are open to it";
      context.addIssue({ code: "custom", path: ["labels", label], message });
    }
  });

export type GroupSettings = z.output<typeof groupSchema>;

/**
 * Whether kubelet refuses `--node-labels` with this key. Of the namespaces kubernetes.io and k8s.io it takes two, and a
 * few well-known labels, which EKS and the cloud provider set themselves.
 * https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#noderestriction
 */
function refusedByKubelet(label: string): boolean {
  const slash = label.indexOf("/");
  if (slash < 0) return false;
  const namespace = label.slice(0, slash);
  const within = (domain: string) => namespace === domain || namespace.endsWith(`.${domain}`);
  if (!within("kubernetes.io") && !within("k8s.io")) return false;
  return !within("node.kubernetes.io") && !within("kubelet.kubernetes.io");
}
