import { type Finding, summedUp } from "../../../model/finding.js";
import type { Archive } from "../archive.js";
import type { MergedKind, Told } from "./merge-kind.js";

/** What several archives say differently of one blue. */
export function combinedFindings(kinds: readonly MergedKind[], parts: readonly Archive[]): Finding[] {
  const path = (part: number): string => parts[part]?.about.path ?? "";
  const onlyEarlier = kinds
    .flatMap((kind) => kind.onlyEarlier)
    .map(
      ({ ref, from, other }: Told): Finding => ({
        id: "archive-only-earlier",
        severity: "warning",
        object: ref,
        why: `It is in ${path(from)} and not in ${path(other)}, which has others of its kind: it was deleted in between, or left out there. It comes to green from ${path(from)}.`,
        whatToDo: "If it was deleted, leave it behind by a rule of replay.skip, and plan again.",
      }),
    );
  const differing = kinds
    .flatMap((kind) => kind.differing)
    .map(
      ({ ref, from, other }: Told): Finding => ({
        id: "archives-differ",
        severity: "note",
        object: ref,
        why: `It is one thing in ${path(from)} and another in ${path(other)}. That of ${path(from)} counts, which is named later.`,
        whatToDo: "Nothing, where the later named one is the newer.",
      }),
    );
  return [...summedUp(onlyEarlier), ...summedUp(differing)];
}
