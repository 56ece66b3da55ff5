import type { Ending } from "../../model/accounting.js";
import type { GroupKind, KubeObject, ObjectRef } from "../../model/objects.js";

/** What a rule may know beyond the object itself. All of it is blue's listing, and what green serves. */
export interface RuleContext {
  /** Every object of a kind, `Kind.group`, that blue listed. */
  listed(kind: string): Iterable<KubeObject>;
  /** The controlling owner, where blue listed it. */
  controller(object: KubeObject): ObjectRef | undefined;
  /** The Service of that name, where blue listed it. */
  service(namespace: string, name: string): KubeObject | undefined;
  /** The ServiceAccount of that name, where blue listed it. */
  serviceAccount(namespace: string, name: string): KubeObject | undefined;
  /** The rule that leaves a namespace behind, if one does. */
  namespaceLeftBy(namespace: string): string | undefined;
  /** The rule that leaves a custom kind's definition behind, if one does and green doesn't serve the kind itself. */
  definitionLeftBy(kind: GroupKind): string | undefined;
}

/** Why an object is not simply copied. Accounting shows the id and the reason. */
export interface Rule {
  /** Stable, kebab-case, documented. */
  id: string;
  ending: Extract<Ending, "skipped" | "derived" | "merged">;
  /** One sentence: why. */
  reason: string;
  /** `Kind.group` of what it looks at; absent for any kind. */
  kinds?: readonly string[];
  applies(object: KubeObject, context: RuleContext): boolean;
}
