import type { JournalEntry } from "../../model/journal.js";
import { blueIsGoing, blueIsGone } from "../evidence.js";
import { type Refusal, refuse } from "./gate.js";

export interface NoWayBack extends Refusal {
  /** Somebody who has looked at blue may go back all the same. */
  mayForce: boolean;
}

/** Why the way back may lead nowhere: blue is gone, or a teardown of it began and didn't end. */
export function noWayBack(journal: readonly JournalEntry[]): NoWayBack | undefined {
  if (blueIsGone(journal)) {
    const fix = "Migrate again, with a bundle or backup of blue as the source.";
    return { ...refuse("Blue is gone, so nothing leads back to it.", fix), mayForce: false };
  }
  const since = blueIsGoing(journal);
  if (since === undefined) return undefined;
  return {
    ...refuse(
      `Blue's removal began at ${since} and didn't end: blue may be gone in part, and users sent there may get no answer.`,
      'Ask blue itself first: its nodes, its load balancer, its addresses. Only if it serves: clustershift rollback --force run-finished --reason "blue serves, seen by …". Else mend green, and end the removal: clustershift teardown',
    ),
    mayForce: true,
  };
}
