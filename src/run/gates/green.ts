import { addsUp } from "../../model/accounting.js";
import { formatDuration } from "../../model/duration.js";
import { compareMinor, parseKubeVersion } from "../../model/kube-version.js";
import { notRestored } from "../../model/restored.js";
import { claimName } from "../../model/volumes.js";
import { type Gate, refuse } from "./gate.js";

/** Why what was done at a time is no evidence any more; a clock that jumped makes none. */
function tooOld(at: string, now: number, most: number): string | undefined {
  const age = now - Date.parse(at);
  if (Number.isNaN(age)) return `has no time: ${at}`;
  if (age < 0) return `is ${formatDuration(-age)} in the future`;
  return age > most ? `is ${formatDuration(age)} old; it may be ${formatDuration(most)} old` : undefined;
}

function sameMinor(a: string, b: string): boolean {
  const [first, second] = [parseKubeVersion(a), parseKubeVersion(b)];
  return first !== undefined && second !== undefined && compareMinor(first, second) === 0;
}

/** Green stands, and has all of blue's objects. */
export const greenGates = {
  greenStands: {
    id: "green-missing",
    check: ({ green, plan }) => {
      if (!green) return refuse("There is no green cluster that was seen ready.", "clustershift up");
      if (plan && !sameMinor(green.version, plan.green.version)) {
        return refuse(`Green is of version ${green.version}; the plan says ${plan.green.version}.`, "clustershift up");
      }
      return undefined;
    },
  },
  bundleVerified: {
    id: "bundle-missing",
    check: ({ bundle }) =>
      bundle ? undefined : refuse("There is no verified bundle of blue in this run.", "clustershift export"),
  },
  rehearsed: {
    id: "rehearsal-missing",
    check: ({ bundle, rehearsal, plan }) => {
      const fix = "clustershift rehearse";
      if (!rehearsal) return refuse("The bundle was not rehearsed.", fix);
      if (rehearsal.bundle !== bundle?.hash) return refuse("The rehearsal was of another bundle than this run's.", fix);
      if (plan && !sameMinor(rehearsal.version, plan.green.version)) {
        return refuse(`The rehearsal was against ${rehearsal.version}; the plan says ${plan.green.version}.`, fix);
      }
      if (rehearsal.refused.length > 0) {
        return refuse(`The rehearsal found ${rehearsal.refused.length} object(s) that green's version refuses.`, fix);
      }
      return undefined;
    },
  },
  rehearsalFresh: {
    id: "rehearsal-stale",
    check: ({ rehearsal, now }, { rehearsalMaxAge }) => {
      if (!rehearsal) return undefined;
      const why = tooOld(rehearsal.at, now, rehearsalMaxAge);
      return why === undefined ? undefined : refuse(`The rehearsal ${why}.`, "clustershift rehearse");
    },
  },
  bundleFresh: {
    id: "bundle-stale",
    check: ({ bundle, plan, now }, { bundleMaxAge }) => {
      if (!bundle) return undefined;
      // Made from an archive, it is as old as that.
      const taken = [bundle.manifest.exportedAt, ...(plan?.archive?.takenAt ? [plan.archive.takenAt] : [])];
      const why = taken.map((at) => tooOld(at, now, bundleMaxAge)).find((each) => each !== undefined);
      const fix = "clustershift export && clustershift rehearse && clustershift migrate && clustershift smoke";
      return why === undefined ? undefined : refuse(`The backup of blue, its bundle, ${why}.`, fix);
    },
  },
  replayed: {
    id: "replay-missing",
    check: ({ replay, green, bundle, parity }) => {
      const fix = "clustershift migrate";
      if (!replay) return refuse("Blue's objects have not been replayed into green.", fix);
      if (replay.green.clusterId !== green?.clusterId)
        return refuse("The replay went into another green cluster.", fix);
      if (replay.bundle !== bundle?.hash) return refuse("The replay was of another bundle than this run's.", fix);
      if (!addsUp(replay.accounting)) return refuse("The replay doesn't account for every object of the bundle.", fix);
      if (replay.accounting.total.failed > 0) {
        return refuse(`${replay.accounting.total.failed} object(s) failed to arrive in green.`, fix);
      }
      const missing = replay.left?.missing ?? [];
      if (missing.length > 0) {
        return refuse(`${missing.length} object(s) that were left to their deployers hadn't come on green.`, fix);
      }
      if (parity?.green.clusterId === green?.clusterId && parity && parity.differences.length > 0) {
        return refuse(
          `Parity found ${parity.differences.length} undeclared difference(s) between blue and green.`,
          fix,
        );
      }
      return undefined;
    },
  },
  volumesRestored: {
    id: "volumes-not-restored",
    check: ({ plan, journal, green }) => {
      const left = notRestored(plan, journal, green?.clusterId).map(claimName);
      if (left.length === 0) return undefined;
      const named = `${left.slice(0, 5).join(", ")}${left.length > 5 ? ` and ${left.length - 5} more` : ""}`;
      return refuse(
        `The plan leaves the volumes of ${left.length} claim(s) to Velero, and they weren't restored on green: ${named}.`,
        "clustershift volumes restore && clustershift migrate && clustershift smoke",
      );
    },
  },
} as const satisfies Record<string, Gate>;
