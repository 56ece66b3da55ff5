import { sha256 } from "../../model/canonical.js";
import type { JournalEntry } from "../../model/journal.js";
import type { KubeObject } from "../../model/objects.js";
import { claimName } from "../../model/volumes.js";
import { lastOf } from "../step.js";
import type { RestoreGroup } from "./backed-up.js";
import { restoreOf } from "./group.js";
import { modifiersOf } from "./modifiers.js";

/** One Restore of a group: what its intent records. */
export interface Attempt {
  step: string;
  group: string;
  restore: KubeObject;
  /** Velero's resource modifiers, where Pods come with the claims for a while. */
  modifiers?: KubeObject;
  /** Names of those Pods. */
  pods?: string[];
  /** Green's, of the claims. */
  namespace: string;
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
  const name = restoreName(named.run, group, number);
  return {
    step: `volumes-velero/restore-${number}/${group.id}`,
    group: group.id,
    restore: restoreOf(group, { ...named, name }),
    ...(group.pods && {
      modifiers: modifiersOf(group, { name, namespace: named.namespace }),
      pods: group.pods.map((pod) => pod.name),
    }),
    namespace: group.to,
    claims: group.claims.map(claimName),
  };
}

/** The attempt by which a Restore of this name was made, if it was made by this run. */
export function attemptNamed(restore: string, entries: readonly JournalEntry[]): Attempt | undefined {
  for (const entry of entries) {
    if (entry.type !== "intent" || !steps.test(entry.step)) continue;
    const attempt = entry.after as Attempt;
    if (attempt.restore.metadata.name === restore) return attempt;
  }
  return undefined;
}

/** Velero puts it into labels as well, which take 63 characters. */
const longestName = 63;

export function restoreName(run: string, { id, from, to }: RestoreGroup, attempt: number): string {
  const spaces = from === to ? to : `${from}-${to}`;
  const name = `clustershift-${run.toLowerCase()}-${spaces}-${attempt}`;
  if (name.length <= longestName && id === to) return name;
  const rest = `-${sha256(id).slice(0, 8)}-${attempt}`;
  return `${`clustershift-${run.toLowerCase()}-${spaces}`.slice(0, longestName - rest.length)}${rest}`;
}
