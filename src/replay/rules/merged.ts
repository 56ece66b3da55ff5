import type { KubeObject } from "../../model/objects.js";
import { isBootstrapRbac, rbacKinds } from "./bootstrap.js";
import type { Rule } from "./rule.js";

const everyClusterHas = ["default", "kube-system", "kube-public", "kube-node-lease"];

/** A rule that needs the object alone: green's own objects are judged by it too. */
interface MergedRule extends Rule {
  kinds: readonly string[];
  applies(object: KubeObject): boolean;
}

/** What green has by itself too, and what people add to it: blue's additions go into green's object. */
export const mergedRules: readonly MergedRule[] = [
  {
    id: "default-namespace",
    ending: "merged",
    reason: "Every cluster has this namespace; blue's labels and annotations are added to it.",
    kinds: ["Namespace"],
    applies: ({ metadata }) => everyClusterHas.includes(metadata.name),
  },
  {
    id: "default-account",
    ending: "merged",
    reason: "Every namespace has this ServiceAccount; blue's pull secrets, labels and annotations are added to it.",
    kinds: ["ServiceAccount"],
    applies: ({ metadata }) => metadata.name === "default",
  },
  {
    id: "edited-rbac",
    ending: "merged",
    reason: "Somebody edited it on blue: the rules and subjects that green's own lacks are added to it.",
    kinds: rbacKinds,
    applies: isBootstrapRbac,
  },
  {
    id: "edited-flow-control",
    ending: "merged",
    reason: "Every cluster has it, and automatic updates were turned off on blue: blue's settings are put in.",
    kinds: ["FlowSchema.flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io"],
    applies: ({ metadata }) => metadata.annotations?.["apf.kubernetes.io/autoupdate-spec"] === "false",
  },
];
