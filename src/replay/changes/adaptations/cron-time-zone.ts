import { objectAt, textAt } from "../../../model/json.js";
import type { Remark } from "../../../model/migration.js";
import type { Change } from "../change.js";
import { adaptation } from "./adaptation.js";
import { type GreenVersion, isAtLeast } from "./green.js";

/** The API's own rule for each part of a zone's name (batch/v1 validation). */
const part = /^[A-Za-z._0-9+][A-Za-z._0-9+-]{0,13}$/;

/**
 * Time zones of CronJobs. A schedule could begin with one, by chance and undocumented; newer servers refuse new CronJobs that do
 * (batch/v1 validation of 1.35), and have a field for it since 1.25.
 */
export function cronTimeZone(green: GreenVersion): Change {
  return adaptation({
    id: "cron-time-zone",
    reason: "A time zone inside a CronJob's schedule, which newer servers refuse, becomes spec.timeZone.",
    kinds: ["CronJob.batch"],
    adapt(copy) {
      const spec = objectAt(copy, "spec");
      const schedule = textAt(spec, "schedule") ?? "";
      if (!schedule.includes("TZ") || !isAtLeast(green, "1.25")) return undefined;
      const [, zone = "", rest = ""] = /^(?:CRON_)?TZ=(\S+)\s+(\S.*)$/.exec(schedule) ?? [];
      const field = textAt(spec, "timeZone");
      if (!isZone(zone) || (field !== undefined && field !== zone)) return [unclear(schedule)];
      spec.timeZone = zone;
      spec.schedule = rest;
      return undefined;
    },
  });
}

/** "Local" is the controller's own zone, which no field can say. */
function isZone(name: string): boolean {
  return (
    name !== "" &&
    name.toLowerCase() !== "local" &&
    name.split("/").every((each) => part.test(each) && !/^\.\.?$/.test(each))
  );
}

function unclear(schedule: string): Remark {
  return {
    id: "cron-time-zone-unclear",
    severity: "warning",
    why: `Its schedule "${schedule}" names a time zone in a way that can't be carried over exactly, and green refuses it.`,
    whatToDo: "Set spec.timeZone and a schedule without a zone, by a transform.",
  };
}
