/**
 * The write-ahead record of every effect: one JSON line each in journal.jsonl, flushed to disk before the effect is
 * tried. Each line carries a checksum over itself and the line before, so that a torn tail can be told from damage.
 */
export type JournalRecord =
  | { type: "intent"; step: StepId; phase: string; what: string; target: string; before: unknown; after: unknown }
  | { type: "done"; step: StepId; result: unknown }
  | { type: "failed"; step: StepId; error: string }
  | { type: "event"; phase: string; event: string; data: unknown };

/** Unique within a run, and the same when a step is tried again: `cutover-1/route53:Z1/app.acme.example./A/25`. */
export type StepId = string;

export type JournalEntry = JournalRecord & {
  /** 1, 2, 3, … */
  seq: number;
  /** ISO 8601, UTC. */
  at: string;
  /** sha256, hex, of the previous line's sum and this line without its own. */
  sum: string;
};

/** Where records go, and what was there before. */
export interface Journal {
  /** Resolves once the record is on disk; only then may its effect be tried. */
  append(record: JournalRecord): Promise<void>;
  /** Everything so far, oldest first. */
  entries(): JournalEntry[];
}
