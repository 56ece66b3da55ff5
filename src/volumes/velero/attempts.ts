import { sha256 } from "../../model/canonical.js";
import type { JournalEntry } from "../../model/journal.js";
import type { KubeObject } from "../../model/objects.js";
import { claimName } from "../../model/volumes.js";
import { lastOf } from "../step.js";
import { type RestoreGroup, restoreOf } from "./group.js";

/** One Restore of a group: what its intent records. */
export interface Attempt {
  step: string;
  group: string;
  restore: KubeObject;
  /** As green names them. */
  claims: string[];
}

const steps = /^volumes-velero\/restore-(\d+)\/(.+)$/;

/** Restores that were intended and aren't settled: they may have been made, and may have ended. */
export function openAttempts(entries: readonly JournalEntry[]): Attempt[] {
  return entries.flatMap((entry) => {
    if (entry.type !== "intent" || !steps.test(entry.step)) return [];
    return lastOf(entries, entry.step)?.type === "intent" ? [entry.after as Attempt] : [];
  });
}

/** The next try of a group, with a name that nothing else has: the same one as long as nobody has settled the one before. */
export function nextAttempt(
  group: RestoreGroup,
  entries: readonly JournalEntry[],
  named: { run: string; namespace: string; backup: string },
): Attempt {
  const before = entries.flatMap((entry) => {
    const [, number, id] = (entry.type === "intent" && steps.exec(entry.step)) || [];
    return id === group.id ? [Number(number)] : [];
  });
  const number = Math.max(0, ...before) + 1;
  return {
    step: `volumes-velero/restore-${number}/${group.id}`,
    group: group.id,
    restore: restoreOf(group, { ...named, name: restoreName(named.run, group, number) }),
    claims: group.claims.map(claimName),
  };
}

/** Velero puts it into labels as well, which take 63 characters. */
const longestName = 63;

export function restoreName(run: string, { id, from, to }: RestoreGroup, attempt: number): string {
  const spaces = from === to ? to : `${from}-${to}`;
  const name = `clustershift-${run.toLowerCase()}-${spaces}-${attempt}`;
  if (name.length <= longestName && from === to) return name;
  const rest = `-${sha256(id).slice(0, 8)}-${attempt}`;
  return `${`clustershift-${run.toLowerCase()}-${spaces}`.slice(0, longestName - rest.length)}${rest}`;
}
