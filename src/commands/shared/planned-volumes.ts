import { type ObjectRef, refKey } from "../../model/objects.js";
import type { Topology } from "../../model/plan.js";
import { isMoved, type PlannedVolume } from "../../model/volumes.js";
import type { Scale } from "../../plan/budget.js";
import { decideVolumes } from "../../volumes/decide.js";
import { milliseconds, type Project } from "./project.js";
import type { SurveyedObjects } from "./survey.js";

/** What becomes of the volume of each of blue's claims. */
export function plannedVolumes(
  { config }: Project,
  { objects, decided, exclusive, arrivals }: Pick<SurveyedObjects, "objects" | "decided" | "exclusive" | "arrivals">,
  green: Topology,
): PlannedVolume[] {
  const left = new Map(
    decided.settled
      .filter(({ ending }) => ending !== "derived" && ending !== "merged")
      .map(({ object, ending, by }) => [refKey(object), by ?? ending]),
  );
  const zones = greenZones(config, green);
  return decideVolumes(objects, {
    rules: config.volumes.rules,
    otherwise: config.volumes.default,
    checksumMs: config.volumes.checksum && milliseconds(config.volumes.checksum.timeout),
    asksAws: config.aws !== undefined,
    zones: config.volumes.zones,
    greenZones: zones.size > 0 ? zones : undefined,
    stopped: new Set(exclusive.planned.map(({ object }) => refKey(object))),
    leftBy: (ref) => {
      const rule = left.get(refKey(ref));
      // A workload that its deployer brings comes all the same; a claim that it brings is none of ours.
      return rule === "left-to-deployer" && ref.kind !== "PersistentVolumeClaim" ? undefined : rule;
    },
    arrivesAs: (ref: ObjectRef) => arrivals.get(refKey(ref)),
  });
}

/** Where green will have workers: by its stack's own word, else by blue's groups of the same names. */
function greenZones({ green }: Project["config"], topology: Topology): Set<string> {
  const settings = "settings" in green.stack ? green.stack.settings : {};
  const groups = ((settings as { groups?: unknown }).groups ?? []) as { name?: unknown; zones?: unknown }[];
  const said = groups.flatMap(({ zones }) => (Array.isArray(zones) ? zones.map(String) : []));
  const others = topology.groups.filter(
    ({ name, role }) => role === "worker" && !groups.some((group) => group.name === name && Array.isArray(group.zones)),
  );
  const zones = [...said, ...others.flatMap((group) => Object.keys(group.zones))];
  return new Set(zones.filter((zone) => zone !== "unknown"));
}

export function volumeCounts(volumes: readonly PlannedVolume[]) {
  const count = (strategy: PlannedVolume["strategy"]) => volumes.filter((each) => each.strategy === strategy).length;
  return { copy: count("copy"), handOver: count("hand-over"), shared: count("shared") };
}

/** They are moved at the same time: the slowest counts. */
export function volumeScale(volumes: readonly PlannedVolume[]): Pick<Scale, "volumes" | "volumeSeconds"> {
  const moved = volumes.filter(isMoved);
  const seconds = moved.map(({ downtime }) => downtime?.seconds ?? 0);
  return { volumes: moved.length, volumeSeconds: Math.max(0, ...seconds) };
}
