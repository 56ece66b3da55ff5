import { createHash } from "node:crypto";

/**
 * JSON with sorted keys and no spaces: the same text for the same value, whatever order it was built in. An integer beyond
 * JavaScript's numbers is a text with an `n`.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => compareText(a, b)))
      : typeof inner === "bigint"
        ? `${inner}n`
        : inner,
  );
}

/** Order by code units: unlike localeCompare it is the same on every machine, so that hashes and reports are too. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** sha256, hex, of a text, or of a value's canonical JSON. */
export function sha256(value: unknown): string {
  return createHash("sha256")
    .update(typeof value === "string" ? value : canonicalJson(value))
    .digest("hex");
}
