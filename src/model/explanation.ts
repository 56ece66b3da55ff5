import type { Outcome } from "./accounting.js";
import type { Remark } from "./migration.js";
import type { KubeObject, ObjectRef } from "./objects.js";

/** One place that a step changes. */
export interface ChangedField {
  /** JSON pointer. */
  path: string;
  /** Absent where there was nothing. */
  before?: unknown;
  /** Absent where nothing is left. */
  after?: unknown;
}

/** One step of an object's way that did something, or had something to say. */
export interface ExplainedStep {
  stage: "migration" | "adaptation" | "transform" | "hold" | "strip" | "owners";
  /** Of the migration, change or strip rule. */
  id: string;
  why: string;
  changes: ChangedField[];
  remarks: Remark[];
  /** Present where the way ends with this step. */
  ends?: { ending: "dropped" | "failed"; reason: string };
  /** Of a Secret, values are hidden: one that differs says so. Absent where nothing is left of it. */
  before: KubeObject;
  after?: KubeObject;
}

/** One of the objects that a source becomes; mostly there is one. */
export interface ExplainedWay {
  steps: ExplainedStep[];
  /** What would be written to green, but for its owners' UIDs, which are still blue's. Absent where nothing is. */
  written?: KubeObject;
}

/** What becomes of one object, and why: each step from blue to green. */
export interface Explanation {
  object: ObjectRef;
  /** The rule that decided; absent where none did, and the object is copied. */
  rule?: { id: string; ending: string; reason: string };
  version: {
    /** Versions in which blue (or what stands for it) has the kind, and in which green takes it: apiVersions, newest first. */
    blue: string[];
    green: string[];
    path: "common" | "migration" | "custom" | "none";
    readAs: string;
    writeAs: string | null;
    why: string;
  };
  /** A migration that leaves nothing, with its reason; then there are no ways. */
  dropped?: { id: string; reason: string; remarks: Remark[] };
  ways: ExplainedWay[];
  outcome: Outcome;
}
