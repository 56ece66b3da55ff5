import type { Ledger, Written } from "../../src/model/ledger.js";

/** A ledger as the file is one, for as long as it's held. */
export function memoryLedger(): Ledger {
  const entries = new Map<string, Written>();
  return {
    get: (object) => entries.get(object),
    objects: () => entries.keys(),
    put: (object, written) => void entries.set(object, written),
  };
}
