import type { PlannedVolume, VolumeStrategy } from "../model/volumes.js";
import { sumsAtOnce } from "./checksum.js";
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

/**
 * How long a workload runs on neither cluster for its volume's sake, at most; undefined where it needn't stop. `sums`: seconds that
 * `volumes.checksum` may take in all.
 */
export function downtimeOf(strategy: VolumeStrategy, size: string | undefined, sums = 0): PlannedVolume["downtime"] {
  const parts: [what: string, seconds: number, because?: string][] = [
    ["stop", stop],
    ...(sums > 0 ? [["checksums", sums] as [string, number]] : []),
    ["detach", detach],
  ];
  if (strategy === "copy") {
    const snapshot = Math.max(leastSnapshot, Math.ceil((gibibytes(size) * changed) / snapshotRate));
    const because = ` (${changed * 100} % of ${size} changed since the one before)`;
    parts.push(["last snapshot", snapshot, because], ["volume", make]);
  } else if (strategy !== "hand-over") return undefined;
  parts.push(["attach", attach]);
  return {
    seconds: parts.reduce((sum, [, seconds]) => sum + seconds, 0),
    basis: parts.map(([what, seconds, because = ""]) => `${what} ${seconds}s${because}`).join(", "),
  };
}

/** Seconds for two checksums of each of so many volumes, as many at once as are run at once. */
export function sumsTake(volumes: number, timeoutMs: number): number {
  return 2 * Math.ceil(volumes / sumsAtOnce) * Math.ceil(timeoutMs / 1000);
}
