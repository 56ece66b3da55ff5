import type { Severity } from "./finding.js";
import type { GroupKind, KubeObject } from "./objects.js";

/** What a migration says that a person should know of one object. */
export interface Remark {
  /** Stable, kebab-case, documented: `psp-no-successor`. */
  id: string;
  severity: Severity;
  why: string;
  whatToDo: string;
}

/** What became of one object. */
export type Migrated =
  | { result: "objects"; objects: KubeObject[]; remarks?: Remark[] }
  | { result: "drop"; reason: string; remarks?: Remark[] };

/**
 * One API change between two Kubernetes versions. Pure: object in, object(s) out, or a drop with its reason. It must not
 * change its argument.
 */
export interface Migration {
  /** Stable and kebab-case: the file's name, and what accounting and docs call it. */
  id: string;
  /** What it reads: a kind in any of these versions. */
  from: GroupKind & { versions: string[] };
  /** The apiVersion that it writes, e.g. `networking.k8s.io/v1`; null where the API has no successor. */
  to: string | null;
  /** The first release that no longer serves `from`, e.g. `1.22`. */
  removedIn: string;
  /** One sentence for plans and docs: what changes, and what is pinned. */
  summary: string;
  migrate(object: KubeObject): Migrated;
}
