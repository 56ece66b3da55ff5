import type { RecordStore } from "../../src/record/store.js";

/** A store that can be made to fail: what real ones do when it matters. */
export interface MemoryStore extends RecordStore {
  entries: Map<string, { bytes: Buffer; version: string }>;
  /** `down` throws, `hang` waits for the signal, `deaf` does it and then throws, as where an answer is lost. */
  mood: "well" | "down" | "hang" | "deaf";
  /** Names of entries that were written, in order. */
  puts: string[];
}

export function memoryStore(name = "memory", largest = 1_000): MemoryStore {
  const entries: MemoryStore["entries"] = new Map();
  let versions = 0;
  const answered = async <T>(signal: AbortSignal, work: () => T): Promise<T> => {
    if (store.mood === "hang")
      return new Promise((_, failed) => signal.addEventListener("abort", () => failed(signal.reason as Error)));
    if (store.mood === "down") throw new Error(`${name} is down`);
    const result = work();
    if (store.mood === "deaf") throw new Error(`${name} gave no answer`);
    return result;
  };
  const namesOf = (run: string) =>
    [...entries.keys()].filter((key) => key.startsWith(`${run}/`)).map((key) => key.slice(run.length + 1));
  const store: MemoryStore = {
    name,
    largest,
    entries,
    mood: "well",
    puts: [],
    runs: (signal) => answered(signal, () => [...new Set([...entries.keys()].map((key) => key.split("/")[0] ?? ""))]),
    names: (run, signal) =>
      answered(signal, () =>
        namesOf(run).map((entry) => ({ name: entry, size: entries.get(`${run}/${entry}`)?.bytes.length ?? 0 })),
      ),
    all: (run, signal) =>
      answered(
        signal,
        () => new Map(namesOf(run).map((entry) => [entry, entries.get(`${run}/${entry}`)?.bytes ?? Buffer.alloc(0)])),
      ),
    get: (run, entry, signal) => answered(signal, () => entries.get(`${run}/${entry}`)),
    put: (run, entry, bytes, condition, signal) =>
      answered(signal, () => {
        const there = entries.get(`${run}/${entry}`);
        if (condition === "absent" && there) return undefined;
        if (typeof condition === "object" && there?.version !== condition.version) return undefined;
        const version = `v${++versions}`;
        entries.set(`${run}/${entry}`, { bytes: Buffer.from(bytes), version });
        store.puts.push(entry);
        return version;
      }),
    close: async () => {},
  };
  return store;
}
