import type { Finding } from "../../model/finding.js";
import { compareMinor, formatMinor } from "../../model/kube-version.js";
import type { Assessment, Assessor } from "../assessment.js";

/** Migrations lead to newer versions only, and the tables say what releases removed, not what they lacked. */
export const olderGreen = ({ from, to }: Pick<Assessment, "from" | "to">): Finding[] =>
  compareMinor(to, from) >= 0
    ? []
    : [
        {
          id: "green-older",
          severity: "blocker",
          why: `Green's version ${formatMinor(to)} is older than blue's ${formatMinor(from)}: no migration leads back.`,
          whatToDo: `Set green.version to ${formatMinor(from)} or newer in clustershift.yaml, then plan again.`,
        },
      ];

/** Kinds for which neither a common version nor a migration exists: their objects would be lost. */
export const noPath: Assessor = ({ kinds }) =>
  kinds
    .filter(({ writeAs, by, count }) => writeAs === null && !by && count > 0)
    .map(({ kind, count, readAs }) => ({
      id: "no-path",
      severity: "blocker" as const,
      count,
      why: `${count} object(s) of ${kind} (${readAs}) have no version that green serves, and no migration is known.`,
      whatToDo:
        "Bring the API to green (its CRD or its server), or add a rule under replay.skip that leaves them behind.",
    }));

/** Aggregated APIs that don't answer: what they hold can't be seen, so it can't be accounted for. */
export const brokenApis: Assessor = ({ broken }) =>
  broken.map(({ groupVersion, reason }) => ({
    id: "api-unavailable",
    severity: "warning" as const,
    why: `Blue doesn't answer for ${groupVersion}: ${reason}. Its objects, if any, are not seen.`,
    whatToDo: "Mend the APIService, or remove it where nothing uses it; its own server keeps what it holds.",
  }));
