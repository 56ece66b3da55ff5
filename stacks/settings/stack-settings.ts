import { UserError } from "../../src/model/errors.js";
import { type ClusterSettings, parseClusterSettings } from "./cluster-settings.js";
import { type FoundationSettings, parseFoundationSettings } from "./foundation-settings.js";

/** What a stack is, and its settings. */
export type StackSettings =
  | { kind: "foundation"; foundation: FoundationSettings }
  | { kind: "cluster"; cluster: ClusterSettings };

/**
 * What kind of stack it is follows from which settings it has.
 *
 * @param raw the values of `clustershift:foundation` and `clustershift:cluster`, undefined where the stack lacks one
 * @throws UserError `config-invalid`
 */
export function parseStackSettings(raw: { foundation: unknown; cluster: unknown }): StackSettings {
  const foundation = raw.foundation !== undefined;
  if (foundation === (raw.cluster !== undefined)) {
    throw new UserError({
      code: "config-invalid",
      what: foundation
        ? "This stack has both clustershift:foundation and clustershift:cluster: it would tear one down with the other."
        : "This stack has neither clustershift:foundation nor clustershift:cluster.",
      fix: "Set exactly one of them in Pulumi.<stack>.yaml; examples/stacks/ has one of each.",
    });
  }
  return foundation
    ? { kind: "foundation", foundation: parseFoundationSettings(raw.foundation) }
    : { kind: "cluster", cluster: parseClusterSettings(raw.cluster) };
}
