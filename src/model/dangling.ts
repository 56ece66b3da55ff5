import type { ObjectRef } from "./objects.js";

/** Something that will be missing on green, and what names it. */
export interface Dangling {
  to: ObjectRef;
  /** Why green won't have it: the rule or migration that leaves it behind, or that blue has none either. */
  because: { kind: "left"; by: string } | { kind: "never-there" };
  /** Objects that arrive and name it, each with the field. */
  from: { object: ObjectRef; field: string }[];
}
