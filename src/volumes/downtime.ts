import type { PlannedVolume, VolumeStrategy } from "../model/volumes.js";
import { gibibytes } from "./claims.js";

/** Seconds, conservative: Pods end, the volume is let go of, green's node takes it. */
const stop = 60;
const detach = 60;
const attach = 60;
/** A volume of a snapshot is there at once, and reads what it lacks when it is asked for it. */
const make = 30;
/** A snapshot has what changed since the one before: so much of the volume, at so many GiB a second, and no less than a minute. */
const changed = 0.1;
const snapshotRate = 0.05;
const leastSnapshot = 60;

/** How long a workload runs on neither cluster for its volume's sake, at most; undefined where it needn't stop. */
export function downtimeOf(strategy: VolumeStrategy, size: string | undefined): PlannedVolume["downtime"] {
  if (strategy === "hand-over") {
    return { seconds: stop + detach + attach, basis: `stop ${stop}s, detach ${detach}s, attach ${attach}s` };
  }
  if (strategy !== "copy") return undefined;
  const snapshot = Math.max(leastSnapshot, Math.ceil((gibibytes(size) * changed) / snapshotRate));
  return {
    seconds: stop + detach + snapshot + make + attach,
    basis: `stop ${stop}s, detach ${detach}s, last snapshot ${snapshot}s (${changed * 100} % of ${size} changed since the one before), volume ${make}s, attach ${attach}s`,
  };
}
