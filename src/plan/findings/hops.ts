import { hops, hopsBetween } from "../../../migrations/hops.js";
import type { Finding } from "../../model/finding.js";
import type { Assessment } from "../assessment.js";

/** Known disruptive steps between the two versions: shown before anyone starts, whatever distribution blue is of. */
export const knownHops = ({ from, to, distribution }: Pick<Assessment, "from" | "to" | "distribution">): Finding[] =>
  hopsBetween(hops, from, to)
    .filter(({ appliesTo }) => appliesTo === "any" || appliesTo === distribution)
    .map(({ id, severity, title, why, whatToDo, source }) => ({
      id: `hop-${id}`,
      severity,
      why: `${title}. ${why}`,
      whatToDo: `${whatToDo} (${source})`,
    }));
