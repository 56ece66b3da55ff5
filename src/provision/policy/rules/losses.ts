import type { StackChange } from "../../../model/stack-change.js";
import type { Objection, PolicyRule } from "../rule.js";

export const controlPlaneLost: PolicyRule = {
  id: "control-plane-lost",
  refuses: "A control plane that is replaced or removed: with it goes everything that is in the cluster.",
  check: (change) =>
    change.type === "aws:eks/cluster:Cluster"
      ? lost(change, "Take that change back; a cluster that must be another one is the next green, under another name.")
      : [],
};

export const foundationLost: PolicyRule = {
  id: "foundation-lost",
  refuses:
    "Anything of a foundation that is replaced or removed: networks, addresses, backups and keys outlive clusters.",
  check: (change) =>
    /(::|\$)clustershift:foundation:/.test(change.urn)
      ? lost(change, "Take that change back, or make it with `pulumi up` in stacks/, where its owners see it.")
      : [],
};

export const protectedLost: PolicyRule = {
  id: "protected-lost",
  refuses: "Anything protected that is replaced or removed.",
  check: (change) => (change.isProtected ? lost(change, "Take that change back; who protected it had a reason.") : []),
};

function lost({ kind, because }: StackChange, whatToDo: string): Objection[] {
  if (kind === "delete") return [{ property: "", why: "it would be removed", whatToDo }];
  if (kind !== "replace") return [];
  return [{ property: because.join(", "), why: "it would be replaced: removed, and made anew", whatToDo }];
}
