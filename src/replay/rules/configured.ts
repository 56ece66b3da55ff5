import { groupOf, type KubeObject } from "../../model/objects.js";
import type { Rule } from "./rule.js";

/** One entry of `replay.skip` in clustershift.yaml. What it doesn't name matches everything. */
export interface ConfiguredSkip {
  name: string;
  reason: string;
  group?: string | undefined;
  kind?: string | undefined;
  namespace?: string | undefined;
  objectName?: string | undefined;
}

/** A team's own rules, in the order of its file. `namespace` also takes the Namespace object itself. */
export function configuredRules(skips: readonly ConfiguredSkip[]): Rule[] {
  return skips.map((skip) => ({
    id: skip.name,
    ending: "skipped",
    reason: skip.reason,
    applies: (object) => matches(skip, object),
  }));
}

function matches(skip: ConfiguredSkip, object: KubeObject): boolean {
  const { name, namespace } = object.metadata;
  const home = namespace ?? (object.kind === "Namespace" ? name : undefined);
  return (
    (skip.group === undefined || skip.group === groupOf(object.apiVersion)) &&
    (skip.kind === undefined || skip.kind === object.kind) &&
    (skip.namespace === undefined || skip.namespace === home) &&
    (skip.objectName === undefined || skip.objectName === name)
  );
}
