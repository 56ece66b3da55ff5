import { filledAt } from "../../model/json.js";
import { restoredIn } from "../../model/restored.js";
import { claimName, type PlannedVolume } from "../../model/volumes.js";
import { claims, onGreen } from "../edges.js";
import { type Attempt, nextAttempt, openAttempts } from "./attempts.js";
import { restoreLabel, wordsOfOther } from "./check.js";
import type { VeleroEdges, VeleroTerms } from "./edges.js";
import { groupsOf } from "./group.js";

/** What a call would do now: Restores that it would go on with, or create, and claims that it would refuse. Writes nothing. */
export async function previewRestores(
  planned: readonly PlannedVolume[],
  terms: Pick<VeleroTerms, "run" | "namespace" | "clusterId">,
  edges: Pick<VeleroEdges, "green" | "journal" | "backup">,
): Promise<{ open: Attempt[]; next: Attempt[]; refused: Map<string, string> }> {
  const entries = edges.journal.entries();
  const open = openAttempts(entries);
  const going = new Set(open.flatMap(({ claims: names }) => names));
  const restored = restoredIn(entries, terms.clusterId);
  const [there, due]: [PlannedVolume[], PlannedVolume[]] = [[], []];
  const refused = new Map<string, string>();
  for (const each of planned) {
    const name = claimName(each);
    if (going.has(name)) continue;
    const live = await edges.green.get(claims, onGreen(each).name, onGreen(each).namespace);
    (live ? there : due).push(each);
    if (live && !restored.has(name) && live.metadata.labels?.[restoreLabel] === undefined)
      refused.set(name, wordsOfOther(filledAt(live, "spec", "volumeName")));
  }
  if (due.length === 0) return { open, next: [], refused };
  const backup = await edges.backup();
  const grouped = groupsOf(due, there, backup);
  const named = { run: terms.run, namespace: terms.namespace, backup: backup.name };
  return {
    open,
    next: grouped.groups.map((group) => nextAttempt(group, entries, named)),
    refused: new Map([...refused, ...grouped.refused]),
  };
}
