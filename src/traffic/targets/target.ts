import type { z } from "zod";
import type { AwsApi } from "../../aws/api.js";
import type { Clock } from "../../model/clock.js";
import type { Journal, StepId } from "../../model/journal.js";
import type { Portion, Target } from "../../model/traffic.js";
import type { Marking } from "../marks/marking.js";
import type { Preparation } from "../preparation/history.js";

/**
 * Something that decides who gets traffic, as one story moves them all. `State` is what the journal records: plain JSON,
 * whole, and enough to come back by.
 */
export interface TrafficTarget<State = unknown> {
  /** `route53:Z1`, `elastic-ip:eipalloc-1`: its name in journals and reports. */
  readonly key: string;
  /** As it is now. */
  observe(): Promise<State>;
  /** Equal in everything that can be written back. */
  same(a: State, b: State): boolean;
  /** One line for each part, for people. */
  describe(state: State): string[];
  /**
   * The effect, in one call that is done whole or not at all. The caller has just seen `from`. Returns the change's id,
   * where there is one to wait for.
   */
  move(from: State, to: State, comment: string): Promise<string | undefined>;
  /**
   * Waits until the world acts by `to`, and returns the state that is then seen: another one was changed meanwhile. Where
   * the service vouches for a change by its id, that is the look. Without a change id (it was lost in a crash, or with an
   * answer) it waits as long as it usually takes.
   */
  settle(to: State, changeId: string | undefined, signal?: AbortSignal): Promise<State>;
}

/** Asks a person whether she has done something by hand; only true is a yes. */
export type Confirm = (task: { name: string; task: string }) => Promise<boolean>;

export interface TargetEdges {
  aws: AwsApi;
  clock: Clock;
  journal: Journal;
  /** Without it nobody can be asked, and nothing by hand counts as done. */
  confirm?: Confirm;
}

/** One effect on one target. */
export interface Move {
  step: StepId;
  /** The target's. */
  key: string;
  what: string;
  from: unknown;
  to: unknown;
}

/** Moves that are done together, then held and checked before the next stage may start. */
export interface Stage {
  /** `share/25`, `elastic-ip/syslog/eu-central-1a` */
  id: string;
  /** For people, and for plans. */
  what: string;
  moves: Move[];
  /** Milliseconds between the last move and the check. */
  holdMs: number;
}

/** How a shift goes, whatever it moves. */
export interface ShiftTerms {
  /** 1 for the first attempt at a cutover of this run, 2 after it was taken back, … */
  attempt: number;
  /** Green's share in percent after each step, rising, the last 100. */
  steps: readonly number[];
  /** Milliseconds that each step is held at least. */
  holdMs: number;
}

/** How targets are left once blue is gone. */
export interface FinishTerms {
  /** Simple: blue's answers and target groups are named no more. Keep: they stay, with weight 0. */
  records: "simple" | "keep";
}

/** One target as the journal holds it: enough to go on, and to go back, with nothing else. */
export interface Recorded {
  kind: string;
  key: string;
  /** The original, which a rollback gives back. */
  before: unknown;
  /** Where the stages begin, if that is another state: what `clustershift prepare` made of the original. */
  base?: unknown;
}

/** Everything that is to be known of one kind of target. */
export interface TargetKind<T extends Target, R extends Recorded> {
  readonly kind: T["kind"];
  readonly schema: z.ZodType<R>;
  /**
   * Reads the targets whole, as they are before anything moves; writes nothing.
   *
   * @throws UserError `config-invalid` naming all that can't be shifted and brought back exactly
   */
  record(targets: readonly T[], aws: AwsApi, prepared?: Preparation, marking?: Marking): Promise<R[]>;
  open(recorded: R, edges: TargetEdges): TrafficTarget;
  /**
   * The stages in which they move, in order. Stages of the same id, `share/25`, become one over all kinds: green then has
   * the same share everywhere.
   */
  stages(recorded: readonly R[], terms: ShiftTerms): Stage[];
  /** How a live state divides the traffic, one portion for each part. */
  portions(recorded: R, live: unknown): Portion[];
  /** How it shall be once blue is gone; without it, as the last stage left it. */
  finish?(recorded: R, terms: FinishTerms): unknown;
  /** While it names something of blue's, that can't be removed. */
  readonly finishesFirst?: boolean;
}
