import { failed, inconclusive, type Outcome, passed } from "./context.js";

export interface Bounds {
  min?: number | undefined;
  max?: number | undefined;
  /** What no data means. */
  missing: "passes" | "fails" | "inconclusive";
}

/** One number, and what it is of. NaN is no data: a share of no requests. */
export interface Reading {
  of: string;
  value: number;
}

/** Readings that are named. */
const mostNamed = 3;

/**
 * Each reading must keep the bounds. One beyond them fails whatever else is unknown; then a doubt, a reason why there may be more
 * than was seen, is inconclusive; then what has no data counts as `missing` says.
 */
export function judge(readings: readonly Reading[], bounds: Bounds, doubt?: string): Outcome {
  const wanted = wordsOf(bounds);
  const beyond = readings.filter(({ value }) => isBeyond(value, bounds));
  if (beyond.length > 0) return failed(`${named(beyond)}; expected ${wanted}.`);
  if (doubt !== undefined) return inconclusive(`Not everything could be seen: ${doubt}.`);
  const empty = readings.filter(({ value }) => Number.isNaN(value));
  if (readings.length > 0 && empty.length === 0) return passed(`${named(readings)}; expected ${wanted}.`);
  const what = readings.length === 0 ? "There is no data" : `There is no data of ${list(empty.map(({ of }) => of))}`;
  if (bounds.missing === "fails") return failed(`${what}; expected ${wanted}.`);
  return bounds.missing === "passes" ? passed(`${what}, which passes.`) : inconclusive(`${what}.`);
}

function isBeyond(value: number, { min, max }: Bounds): boolean {
  return (min !== undefined && value < min) || (max !== undefined && value > max);
}

function wordsOf({ min, max }: Bounds): string {
  return [min !== undefined ? `at least ${min}` : [], max !== undefined ? `at most ${max}` : []].flat().join(" and ");
}

function named(readings: readonly Reading[]): string {
  return list(readings.map(({ of, value }) => `${of} is ${value}`));
}

function list(words: readonly string[]): string {
  const more = words.length > mostNamed ? `; and ${words.length - mostNamed} more` : "";
  return `${words.slice(0, mostNamed).join("; ")}${more}`;
}
