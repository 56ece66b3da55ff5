import type { VolumesApi } from "../../aws/volumes.js";
import type { KubeReader } from "../../kube/api.js";
import { listAll } from "../../kube/list-all.js";
import { type KubeObject, refKey } from "../../model/objects.js";
import { isMoved, type PlannedVolume } from "../../model/volumes.js";
import type { Checksum } from "../../volumes/checksum.js";
import { type Bringing, nameOf, type VolumeOutcome, type VolumeTerms, volumes } from "../../volumes/edges.js";
import type { Kept } from "../../volumes/history.js";
import type { Context } from "./command.js";
import { milliseconds, type Project, requireAws } from "./project.js";
import { clockOf } from "./targets.js";

/** EC2, as far as volumes are copied; volumes can't be moved without. */
export async function openCloudVolumes(project: Project, context: Context): Promise<VolumesApi & { close(): void }> {
  const aws = requireAws(project, "but the plan copies volumes or hands them over");
  // The SDK takes half a second to load, and most commands have no use for it.
  const { openVolumes } = await import("../../aws/volumes.js");
  return openVolumes(aws, { clock: clockOf(context), random: context.edges.random });
}

export function termsOf({ config }: Project, run: { id: string }): VolumeTerms {
  return {
    run: run.id,
    blue: config.blue.teardown?.cluster ?? config.blue.name,
    green: config.green.name,
    timeoutMs: milliseconds(config.volumes.timeout),
  };
}

/** The team's own program, in the folder of clustershift.yaml; undefined where none is set. */
export function checksumOf({ config, dir }: Project, { edges: { env } }: Context): Checksum | undefined {
  const { checksum } = config.volumes;
  return checksum && { run: checksum.run, timeoutMs: milliseconds(checksum.timeout), dir, env };
}

/** Claims whose volumes are copied or handed over. */
export const movedBy = (plan: { volumes?: PlannedVolume[] } | undefined): PlannedVolume[] =>
  (plan?.volumes ?? []).filter(isMoved);

/** Each with its PersistentVolume as blue has it now. What blue has no more is told, and brought by nobody. */
export async function withBlues(
  planned: readonly PlannedVolume[],
  blue: Pick<KubeReader, "pages">,
  signal?: AbortSignal,
): Promise<{ all: Bringing[]; gone: VolumeOutcome[] }> {
  if (planned.length === 0) return { all: [], gone: [] };
  return matched(planned, await listAll(blue, volumes, { ...(signal && { signal }) }));
}

export function matched(
  planned: readonly PlannedVolume[],
  live: readonly KubeObject[],
): { all: Bringing[]; gone: VolumeOutcome[] } {
  const byName = new Map(live.map((volume) => [volume.metadata.name, volume]));
  const all: Bringing[] = [];
  const gone: VolumeOutcome[] = [];
  for (const each of planned) {
    const volume = byName.get(each.volume ?? "");
    if (volume) all.push({ planned: each, volume });
    else gone.push({ claim: each.claim, failed: `blue has no PersistentVolume ${each.volume ?? ""} any more` });
  }
  return { all, gone };
}

/** What would be done with one claim, for a dry run. */
export function describeMove({ claim, strategy, handle, zone, downtime }: PlannedVolume): string {
  const where = zone && zone.from !== zone.to ? `${zone.from} -> ${zone.to}` : (zone?.from ?? "?");
  const what = strategy === "copy" ? `copy ${handle}` : `hand ${handle} over`;
  return `  ${nameOf(claim)}: ${what} (${where}${downtime ? `; at most ${downtime.seconds}s` : ""})`;
}

/** One line for how many, and one for each that isn't there. */
export function describeBrought(outcomes: readonly VolumeOutcome[]): string[] {
  if (outcomes.length === 0) return [];
  const failed = outcomes.filter(({ failed }) => failed !== undefined);
  return [
    `${outcomes.length - failed.length} of ${outcomes.length} volume(s) bound to green's claims.`,
    ...failed.map(({ claim, failed }) => `  NOT ${nameOf(claim)}: ${failed}`),
  ];
}

/** Claims that Velero should have restored; their workloads stay held. */
export function describeLeft(outcomes: readonly VolumeOutcome[]): string[] {
  return outcomes.map(({ claim, failed }) => `  NOT ${nameOf(claim)}: ${failed}`);
}

export function describeKept(kept: readonly Kept[]): string[] {
  return kept.length === 0
    ? []
    : [
        "Copies that are kept, since what green wrote is in them alone:",
        ...kept.map(({ claim, volume, snapshot }) => `  ${volume}${snapshot ? `, of ${snapshot}` : ""}, of ${claim}`),
      ];
}

/** Workloads of claims that aren't brought, by `refKey`: they stay held on green. */
export function usersOf(failed: readonly VolumeOutcome[], planned: readonly PlannedVolume[]): Map<string, string> {
  const why = new Map(failed.map((each) => [refKey(each.claim), `${nameOf(each.claim)}: ${each.failed}`]));
  return new Map(
    planned.flatMap(({ claim, users }) => {
      const reason = why.get(refKey(claim));
      return reason === undefined ? [] : users.map((user): [string, string] => [refKey(user), reason]);
    }),
  );
}
