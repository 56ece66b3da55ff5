import { formatDuration } from "../model/duration.js";
import { refKey } from "../model/objects.js";
import type { PlannedVolume } from "../model/volumes.js";

/** A claim's row: claim, strategy, size, zone, time. */
export function volumeCells({ claim, strategy, size = "", zone, downtime }: PlannedVolume): string[] {
  const moved = zone && zone.from !== zone.to ? `${zone.from} -> ${zone.to}` : (zone?.from ?? "");
  const time = downtime ? formatDuration(downtime.seconds * 1000) : "";
  return [refKey(claim).replace("PersistentVolumeClaim ", ""), strategy, size, moved, time];
}
