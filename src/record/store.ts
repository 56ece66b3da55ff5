/** One entry of a run's record: `journal/000000000000`, `state/plan.json`, `lock.json`. */
export interface Entry {
  bytes: Buffer;
  /** Changes with each write: what a conditional write names. */
  version: string;
}

/** What must be true of an entry for it to be written; `any` writes over whatever is there. */
export type Condition = "any" | "absent" | { version: string };

/**
 * A place outside this machine that keeps the records of runs: small entries by name, written whole, with conditions that
 * hold also where two write at once. Every method may throw whatever its transport throws, and gives up by the signal.
 */
export interface RecordStore {
  /** For people: `s3://acme-backup/clustershift`, `green (acme-1-35)`. */
  readonly name: string;
  /** Bytes that one entry may have at most. */
  readonly largest: number;
  /** The ids of all runs that have an entry. */
  runs(signal: AbortSignal): Promise<string[]>;
  /** The names of a run's entries, with their sizes in bytes and, where the store knows it, the md5 of their bytes, hex. */
  names(run: string, signal: AbortSignal): Promise<{ name: string; size: number; md5?: string }[]>;
  /** All entries of a run, by name. */
  all(run: string, signal: AbortSignal): Promise<Map<string, Buffer>>;
  get(run: string, name: string, signal: AbortSignal): Promise<Entry | undefined>;
  /** The new version; undefined where the condition doesn't hold. */
  put(run: string, name: string, bytes: Buffer, condition: Condition, signal: AbortSignal): Promise<string | undefined>;
  close(): Promise<void>;
}
