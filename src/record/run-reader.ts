import { timeLimit } from "./deadline.js";
import type { RecordStore } from "./store.js";

/** Reads what a store has of one run, again and again: what it has as before isn't fetched twice. Takes no lock, and writes nothing. */
export function runReader(
  store: RecordStore,
  run: string,
  deadlineMs: number,
): () => Promise<ReadonlyMap<string, Buffer>> {
  let known = new Map<string, { mark: string; bytes: Buffer }>();
  return async () => {
    const next: typeof known = new Map();
    for (const { name, size, md5 } of await store.names(run, timeLimit(deadlineMs))) {
      // A piece of the journal is never written twice; other entries are what their sum says.
      const mark = name.startsWith("journal/") ? String(size) : md5;
      const before = known.get(name);
      if (mark !== undefined && before?.mark === mark) {
        next.set(name, before);
        continue;
      }
      const entry = await store.get(run, name, timeLimit(deadlineMs));
      if (entry) next.set(name, { mark: mark ?? "", bytes: entry.bytes });
    }
    known = next;
    return new Map([...known].map(([name, { bytes }]) => [name, bytes]));
  };
}
