import { groupOf, type KubeObject, kindKey, refOf } from "../../model/objects.js";
import { like } from "../../model/selector.js";
import type { Rule } from "../rules/rule.js";
import type { Deployer } from "./deployer.js";
import { deployerOf } from "./index.js";

/** One entry of `replay.deployers` in clustershift.yaml. */
export interface ConfiguredDeployer {
  /** As the plan names it; `*` stands for any characters. */
  deployer: string;
  handling: "copy" | "leave";
  /** How long `migrate` waits for it, milliseconds. */
  timeoutMs: number;
}

export const leftRule = "left-to-deployer";

/** The first entry that is about a deployer. What nobody is known to deploy can't be left to anybody. */
export function entryFor(
  { id, kind }: Deployer,
  entries: readonly ConfiguredDeployer[],
): ConfiguredDeployer | undefined {
  return kind === "hand" ? undefined : entries.find(({ deployer }) => like(deployer, id));
}

/** Leaves objects to those who bring them on green by themselves. */
export function leavingTo(entries: readonly ConfiguredDeployer[]): Rule[] {
  if (!entries.some(({ handling }) => handling === "leave")) return [];
  return [
    {
      id: leftRule,
      ending: "skipped",
      reason: "Its deployer brings it on green; migrate waits until it has come.",
      applies: (object, context) =>
        !isNeededFirst(object) && entryFor(deployerOf(object, context), entries)?.handling === "leave",
    },
  ];
}

/**
 * What is copied whoever deploys it: a namespace and a definition, without which what others made could not arrive, and
 * what tells Argo CD and Flux what to bring.
 */
function isNeededFirst(object: KubeObject): boolean {
  const key = kindKey(refOf(object));
  return (
    key === "Namespace" ||
    key === "CustomResourceDefinition.apiextensions.k8s.io" ||
    /^(Application|ApplicationSet|AppProject)\.argoproj\.io$/.test(key) ||
    groupOf(object.apiVersion).endsWith(".toolkit.fluxcd.io")
  );
}
