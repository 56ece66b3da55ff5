import { hops, hopsBetween } from "../../../migrations/hops.js";
import type { Assessor } from "../assessment.js";

/** Known disruptive steps between the two versions: shown before anyone starts, whatever distribution blue is of. */
export const knownHops: Assessor = ({ from, to, distribution }) =>
  hopsBetween(hops, from, to)
    .filter(({ appliesTo }) => appliesTo === "any" || appliesTo === distribution)
    .map(({ id, severity, title, why, whatToDo, source }) => ({
      id: `hop-${id}`,
      severity,
      why: `${title}. ${why}`,
      whatToDo: `${whatToDo} (${source})`,
    }));
