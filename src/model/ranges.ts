/** Ranges of IPv4 addresses, written `10.20.0.0/16`; a single address is one too. What isn't IPv4 is in no range, and has none. */

interface Span {
  first: number;
  /** Itself in it. */
  last: number;
}

function spanOf(range: string): Span | undefined {
  const [, address, bits = "32"] = /^(\d+(?:\.\d+){3})(?:\/(\d+))?$/.exec(range) ?? [];
  if (address === undefined || Number(bits) > 32) return undefined;
  const size = 2 ** (32 - Number(bits));
  const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const first = Math.floor(number / size) * size;
  return { first, last: first + size - 1 };
}

/** Whether the two have an address in common. */
export function rangesOverlap(one: string, other: string): boolean {
  const [a, b] = [spanOf(one), spanOf(other)];
  return a !== undefined && b !== undefined && a.first <= b.last && b.first <= a.last;
}

/** Those of `wanted` of which an address is in none of `ranges`, which may share one out among them. */
export function uncovered(wanted: readonly string[], ranges: readonly string[]): string[] {
  const spans = ranges.flatMap((range) => spanOf(range) ?? []).sort((a, b) => a.first - b.first);
  return wanted.filter((range) => {
    const span = spanOf(range);
    if (!span) return true;
    let next = span.first;
    for (const { first, last } of spans) if (first <= next && last >= next) next = last + 1;
    return next <= span.last;
  });
}
