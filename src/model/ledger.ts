/** What a replay remembers of one object that it wrote to green. Tells a person's edit on green from an edit on blue. */
export interface Written {
  /** Of the object on green; empty where it was about to be made, and nobody saw it made. */
  uid: string;
  /** Hash of what was sent. */
  wanted: string;
  /** Hash of what green then had, less what its controllers write; of a Secret its resourceVersion. */
  state: string;
  /** Hash of each of its field managers' entries, by manager, operation, version and subresource. */
  managers: Record<string, string>;
}

/** Objects on green by `refKey`, as they were when we wrote them. */
export interface Ledger {
  get(object: string): Written | undefined;
  /** The `refKey` of each object that is remembered. */
  objects(): Iterable<string>;
  /** Kept before it returns: what is asked for after kill -9 is there. */
  put(object: string, written: Written): void;
}
