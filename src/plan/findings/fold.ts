import { compareText } from "../../model/canonical.js";
import type { Finding } from "../../model/finding.js";
import { refKey } from "../../model/objects.js";

/**
 * Findings that say the same of many objects, as one that names the first of them and how many there are. "The same" is every
 * word: two Services with one certificate are one finding, two with their own are two.
 */
export function foldFindings(findings: readonly Finding[]): Finding[] {
  const folded = new Map<string, Finding>();
  for (const finding of [...findings].sort((a, b) => compareText(nameOf(a), nameOf(b)))) {
    const key = JSON.stringify([finding.id, finding.severity, finding.why, finding.whatToDo]);
    const first = folded.get(key);
    if (!first) folded.set(key, finding);
    else folded.set(key, { ...first, count: (first.count ?? 1) + (finding.count ?? 1) });
  }
  return [...folded.values()];
}

function nameOf({ object }: Finding): string {
  return object ? refKey(object) : "";
}
