import type { HeldField } from "../../model/held.js";
import type { Remark } from "../../model/migration.js";
import type { KubeObject } from "../../model/objects.js";

/** What a change may know beyond the object itself: all of it is blue's listing, or the configuration. */
export interface ChangeContext {
  /** Every object of a kind (`Kind.group`, e.g. `IngressClass.networking.k8s.io`) that blue listed. */
  listed(kind: string): Iterable<KubeObject>;
  /** Whether green serves a kind in this version, by itself or by a definition that blue brings. */
  serves(apiVersion: string, kind: string): boolean;
}

/** An object as it goes on, and what a person should know of it. */
export interface Changed {
  object: KubeObject;
  remarks?: Remark[];
  /** Present where the object's way ends here, and it doesn't come to green. */
  ends?: { ending: "dropped" | "failed"; reason: string };
  /** Present where the object is kept from acting on green. */
  held?: HeldField;
}

/**
 * A named change of an object on its way, after its migration and before what belongs to blue's server is stripped. Pure:
 * it must not change its argument.
 */
export interface Change {
  /** Stable, kebab-case, documented; the accounting and `explain` show it. */
  id: string;
  /**
   * - adaptation: what every new cluster needs changed; - transform: a team's own; - hold: keeps green quiet until it serves.
   */
  stage: "adaptation" | "transform" | "hold";
  /** One sentence: what changes, and why. */
  reason: string;
  /** `Kind.group` of what it looks at; absent for any kind. */
  kinds?: readonly string[];
  /** Undefined where it has nothing to do, which most often it hasn't. Remarks alone come with the object as it was. */
  change(object: KubeObject, context: ChangeContext): Changed | undefined;
}
