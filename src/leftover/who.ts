import type { Talker } from "../model/leftover.js";

/** Who a series is of: by one label, or by all. */
export function nameOf(labels: Readonly<Record<string, string>>, label: string | undefined): string {
  if (label !== undefined) return labels[label] || `(without ${label})`;
  const all = Object.entries(labels).filter(([key]) => key !== "__name__");
  return all.length === 0 ? "(all)" : all.map(([key, value]) => `${key}=${value}`).join(" ");
}

/** One entry a name, with what all of its series have. */
export function addedUp(talkers: readonly Talker[]): Talker[] {
  const sums = new Map<string, number>();
  for (const { name, amount } of talkers) sums.set(name, (sums.get(name) ?? 0) + amount);
  return [...sums].map(([name, amount]) => ({ name, amount }));
}
