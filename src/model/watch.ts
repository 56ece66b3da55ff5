import type { Portion } from "./traffic.js";
import type { Analysed } from "./verdict.js";

/** What was seen at the newest look that showed something, and why the newest look of all showed nothing. */
export interface Look<T> {
  /** When `value` was seen, ISO 8601; null where nothing was seen yet. */
  at: string | null;
  value: T | null;
  /** Null where the newest look showed something. */
  trouble: string | null;
}

export interface StageProgress {
  /** `share/25` */
  id: string;
  what: string;
  state: "passed" | "under way" | "to come";
}

/** What a shift is at. Times are ISO 8601, UTC. */
export type Doing =
  /** The stage's first effect wasn't tried yet. */
  | { doing: "begin"; since: string }
  /** Its effects are written, and waited for. */
  | { doing: "move"; since: string; done: number; of: number }
  /** In place, and held; from `until` on it is checked. */
  | { doing: "hold"; since: string; until: string }
  /** Held because checks are inconclusive. */
  | { doing: "wait"; since: string }
  /** All of it goes back. */
  | { doing: "return"; since: string; done: number; of: number };

/** How far a shift is. */
export interface ShiftProgress {
  attempt: number;
  status: "moving" | "moved" | "returning" | "returned";
  began: string;
  stages: StageProgress[];
  /** Null where nothing of it is under way. */
  now: Doing | null;
  /** The check that turned it back. */
  failed: { stage: string; outcome: string; detail: string } | null;
  /** What the checks said last. */
  analysed: (Analysed & { at: string }) | null;
}

/** Answers of the DNS to one name, by the colour that they lead to. */
export interface NameAnswers {
  /** `app.acme.example. A` */
  what: string;
  /** Which name server was asked. */
  asked: string;
  blue: number;
  green: number;
  other: number;
  /** Queries without an answer, by why. */
  failed: Record<string, number>;
}

export interface WatchedJournal {
  /** Where it was read: a file, or a copy's name. */
  from: string;
  entries: number;
  lastAt: string | null;
  /** What happened last, oldest first. */
  lately: { at: string; what: string }[];
  /** Steps that were refused, gates that were overridden, checks that turned a shift back; oldest first. */
  errors: { at: string; what: string }[];
  /** Who works on it now, as far as is known from here. */
  work: string | null;
  /** What isn't as it should be with the record itself. */
  warnings: string[];
}

export interface WatchedHealth {
  well: boolean;
  detail: string;
}

/** Everything that `clustershift watch` shows at one moment: one line of its JSON. */
export interface WatchSnapshot {
  at: string;
  environment: string;
  run: string | null;
  journal: Look<WatchedJournal>;
  traffic: { at: "blue" | "between" | "green"; since: string | null };
  shift: ShiftProgress | null;
  portions: Look<Portion[]>;
  /** Targets of which nothing can be seen, and why. */
  unseen: string[];
  answers: Look<NameAnswers[]>;
  health: { blue: Look<WatchedHealth>; green: Look<WatchedHealth> };
  budget: {
    /** When the window closes; null where none was agreed, or where it has no end. */
    closes: string | null;
    /** Why the window isn't open, or why a shift would go back because of the time. */
    trouble: string | null;
    /** Null without a plan. */
    wayBackMs: number | null;
    wayBackBasis: string | null;
    /** Longest that a step is held while checks are inconclusive. */
    inconclusiveForMs: number;
    /** What the plan allows a cutover; null without a plan. */
    cutoverMs: number | null;
  };
}
