/** Who talks to blue, as far as a source tells them apart. */
export interface Talker {
  name: string;
  /** In the source's unit. */
  amount: number;
}

/** What one source saw of blue's traffic. `unknown` could not be measured: it never counts as quiet. */
export interface LeftoverReading {
  /** Of the configuration. */
  name: string;
  kind: string;
  outcome: "quiet" | "some" | "unknown";
  /** `requests`, `requests/s` or `connections`. */
  unit: string;
  /** All of it; null where it is unknown. */
  amount: number | null;
  /** The greatest ones, greatest first. */
  who: Talker[];
  /** What was seen, or why nothing could be, in a sentence. */
  detail: string;
}

/** leftover.json: what was measured of blue last, and since when it is quiet. */
export interface LeftoverReport {
  format: 1;
  at: string;
  outcome: LeftoverReading["outcome"];
  /** The first of the measurements, each soon after the one before it, that were all quiet up to now; null where the last was not. */
  quietSince: string | null;
  sources: LeftoverReading[];
}
