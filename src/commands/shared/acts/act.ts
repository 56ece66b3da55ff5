import type { KubeWriter } from "../../../kube/api.js";
import type { HeldObject } from "../../../model/held.js";
import type { Journal } from "../../../model/journal.js";
import type { GreenRecord } from "../../../model/run.js";
import type { Evidence } from "../../../run/evidence.js";
import type { RunFolder } from "../../../run/run-folder.js";
import type { BlueNow } from "../blue-now.js";
import type { Context } from "../command.js";
import type { Project } from "../project.js";

/** What every act has, forth and back. */
export interface Scene {
  project: Project;
  run: RunFolder;
  context: Context;
  journal: Journal;
}

/** What an act has besides on the way forth: green answers, and blue unless it's dead. */
export interface ForwardScene extends Scene {
  evidence: Evidence;
  record: GreenRecord;
  green: KubeWriter;
  blue: BlueNow;
}

/** The same facts for people and for programs; no lines where there was nothing to do. */
export interface ActReport {
  lines: string[];
  json: unknown;
}

export interface ActOutcome extends ActReport {
  /** Something is left undone: the same command goes on when its cause is mended. */
  failed: boolean;
  /** What must not be released on green yet, since blue's still runs. */
  keepsHeld?: KeepsHeld;
  /** Blue lacks something that it had, and nobody does its work. */
  blueLacks?: boolean;
}

export type KeepsHeld = (held: Pick<HeldObject, "hold" | "object">) => boolean;

/**
 * What a cutover does beside moving the traffic, as one story with its way back. Every effect is journalled, so that the same call
 * goes on after a crash, and does nothing where nothing is left to do.
 */
export interface Act {
  /** Its name in JSON: `held-objects`. */
  id: string;
  /** Before the first share of traffic, or once green serves everything. */
  when: "before" | "after";
  /** What `carryOut` would do now. Writes nothing. */
  plan(scene: ForwardScene): Promise<ActReport>;
  /**
   * An act that comes before the traffic throws where it fails: nothing moves then. `keepsHeld` is what the acts before it say
   * of what green may not do yet.
   */
  carryOut(scene: ForwardScene, keepsHeld: KeepsHeld): Promise<ActOutcome>;
  /** What `takeBack` would do now. Writes nothing, and asks no cluster. */
  planBack(scene: Scene): Promise<ActReport>;
  /**
   * Undoes it, after the traffic went back. A cluster that can't be reached is no error: what was left undone is told, and the same
   * command goes on.
   */
  takeBack(scene: Scene): Promise<ActOutcome>;
}
