import { claimName, type PlannedVolume } from "../../model/volumes.js";
import type { RestoreGroup } from "./backed-up.js";

type Labels = Readonly<Record<string, string>>;

/** What of a group a Restore can bring alone; `mixed` says why not, by `claimName`. */
export interface ToldApart {
  apart?: RestoreGroup;
  mixed: Map<string, string>;
}

/**
 * Leaves claims out until none of the others brings what isn't meant: what is left out must not come by others either. `whyNot`: why this
 * claim can't come, where those that are left are meant, by blue's names.
 */
export function leaveOut(
  claims: readonly PlannedVolume[],
  whyNot: (planned: PlannedVolume, isMeant: (name: string) => boolean) => string | undefined,
): { left: PlannedVolume[]; mixed: Map<string, string> } {
  const mixed = new Map<string, string>();
  for (let left = [...claims]; ; ) {
    const names = new Set(left.map(({ claim }) => claim.name));
    const staying = left.filter((planned) => {
      const why = whyNot(planned, (name) => names.has(name));
      if (why !== undefined) mixed.set(claimName(planned), why);
      return why === undefined;
    });
    if (staying.length === left.length) return { left, mixed };
    left = staying;
  }
}

/** Whether an object with these labels is chosen by a selector. */
export function hasAll(labels: Labels, asked: Labels): boolean {
  return Object.entries(asked).every(([label, value]) => labels[label] === value);
}

/** The labels of each, the same once. */
export function labelsOf(objects: readonly { labels: Labels }[]): Labels[] {
  return [...new Map(objects.map(({ labels }) => [JSON.stringify(Object.entries(labels).sort()), labels])).values()];
}
