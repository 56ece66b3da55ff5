/** What init tells: each in whole sentences. */
export interface Account {
  found: string[];
  chosen: string[];
  /** What it could not know, and which option says it. */
  unknown: string[];
}

export function describeAccount({ found, chosen, unknown }: Account): string {
  const part = (title: string, lines: readonly string[]) =>
    lines.length > 0 ? [`${title}:`, ...lines.map((line) => `  - ${line}`), ""] : [];
  return [...part("Found", found), ...part("Chosen", chosen), ...part("Not known", unknown)].join("\n");
}
