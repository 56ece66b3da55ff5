import type { Finding } from "../../model/finding.js";
import { type KubeObject, refOf } from "../../model/objects.js";
import type { Assessor } from "../assessment.js";
import { describeGroup } from "../topology.js";

/** How what is rehearsed differs from production: the incident's test cluster had one zone, its production three. */
export const representativeness: Assessor = ({ rehearsal, topology }) =>
  rehearsal.differences.length === 0
    ? []
    : [
        {
          id: "rehearsal-differs",
          severity: "warning",
          why: `The rehearsal (${rehearsal.where}) isn't shaped like blue, which has ${topology.zones.length} zone(s) and ${topology.groups
            .map(describeGroup)
            .join("; ")}: ${rehearsal.differences.join("; ")}.`,
          whatToDo:
            "Read what a rehearsal can't show, and see that smoke checks cover it: they run against green itself.",
        },
      ];

/** Worker groups or zones of blue that green will not have. */
export const missingGroups: Assessor = ({ topology, greenTopology }) =>
  topology.groups.flatMap((group): Finding[] => {
    if (group.role === "control-plane") return [];
    const twin = greenTopology.groups.find(({ name }) => name === group.name);
    const zones = Object.keys(group.zones).filter((zone) => !twin || !(zone in twin.zones));
    if (zones.length === 0) return [];
    return [
      {
        id: "group-missing",
        severity: "warning",
        why: `Blue's ${describeGroup(group)} has no counterpart in green ${twin ? `in ${zones.join(", ")}` : "at all"}.`,
        whatToDo: "Add the group or zones to green's stack; pods that select them would stay Pending.",
      },
    ];
  });

/** Objects that are being deleted and can't be: reported, never waited for. */
export const stuckObjects: Assessor = ({ objects }) =>
  objects.filter(isStuck).map((object) => ({
    id: "object-stuck-deleting",
    severity: "warning" as const,
    object: refOf(object),
    why: `It is being deleted since ${object.metadata.deletionTimestamp}, held by ${object.metadata.finalizers?.join(", ") ?? "its node"}.`,
    whatToDo: "It stays behind. If its data still matters, see to its finalizer's controller on blue first.",
  }));

function isStuck(object: KubeObject): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}

/** A migration without an announced window surprises people. */
export const noWindow: Assessor = ({ window }) =>
  window
    ? []
    : [
        {
          id: "no-window",
          severity: "warning",
          why: "No maintenance window is configured: cutover would be allowed at any time.",
          whatToDo: "Set window.opens and window.closes, or window.weekly, in clustershift.yaml, and announce them.",
        },
      ];
