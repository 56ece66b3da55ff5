import type { Bundle } from "../../bundle/read.js";
import type { KubeWriter } from "../../kube/api.js";
import type { Journal } from "../../model/journal.js";
import type { KubeObject } from "../../model/objects.js";
import type { Plan } from "../../model/plan.js";
import { nameOf, type VolumeOutcome } from "../../volumes/edges.js";
import { shareVolumes } from "../../volumes/share.js";
import type { Context } from "./command.js";
import { clockOf } from "./targets.js";
import { matched } from "./volumes.js";

/** Gives green's claims of shared file systems their volumes; those that a replay brings itself are there already. */
export async function shareFileSystems(
  plan: Plan | undefined,
  bundle: Pick<Bundle, "manifest" | "objects">,
  run: { id: string },
  { green, journal, context }: { green: KubeWriter; journal: Journal; context: Context },
): Promise<VolumeOutcome[]> {
  const planned = (plan?.volumes ?? []).filter(({ strategy }) => strategy === "shared");
  if (planned.length === 0) return [];
  const live: KubeObject[] = [];
  for (const { resource } of bundle.manifest.kinds) {
    if (resource.kind !== "PersistentVolume" || resource.group !== "") continue;
    for await (const volume of bundle.objects(resource)) live.push(volume);
  }
  const { all, gone } = matched(planned, live);
  const { signal } = context.edges;
  return [...gone, ...(await shareVolumes(all, run.id, { green, journal, clock: clockOf(context), signal }))];
}

export function describeShared(outcomes: readonly VolumeOutcome[]): string[] {
  if (outcomes.length === 0) return [];
  const failed = outcomes.filter((each) => each.failed !== undefined);
  return [
    `${outcomes.length - failed.length} of ${outcomes.length} claim(s) have the shared file systems that they have on blue.`,
    ...failed.map(({ claim, failed }) => `  NOT ${nameOf(claim)}: ${failed}`),
  ];
}
