import { isObject } from "../src/model/json.js";
import type { Migration } from "../src/model/migration.js";
import type { JsonObject, KubeObject } from "../src/model/objects.js";
import { atVersion, isAbsent, present } from "./shared/json.js";

/** What an API server asks of a new events.k8s.io/v1 Event beside its type. */
const REQUIRED = ["eventTime", "reportingController", "reportingInstance", "action", "reason"];

/**
 * The fields are the same, but v1 refuses new Events that use the deprecated ones, and asks for those that replace them.
 * Source: https://kubernetes.io/docs/reference/using-api/deprecation-guide/
 */
export const event: Migration = {
  id: "event",
  from: { group: "events.k8s.io", kind: "Event", versions: ["v1beta1"] },
  to: "events.k8s.io/v1",
  removedIn: "1.25",
  summary:
    "The deprecated source, timestamps and count become reporting*, eventTime and series; incomplete ones are dropped.",
  migrate(object) {
    const migrated = modernise(atVersion(object, "events.k8s.io/v1"));
    const missing = REQUIRED.filter((field) => isAbsent(migrated[field]) || migrated[field] === "");
    if (migrated.type !== "Normal" && migrated.type !== "Warning") missing.push("type Normal or Warning");
    if (missing.length === 0) return { result: "objects", objects: [migrated] };
    return {
      result: "drop",
      reason: `events.k8s.io/v1 refuses an Event without ${missing.join(", ")}; it is a record of the past, and nothing acts on it`,
    };
  },
};

function modernise(event: KubeObject): KubeObject {
  const { deprecatedSource, deprecatedFirstTimestamp, deprecatedLastTimestamp, deprecatedCount, ...kept } = event;
  const source: JsonObject = isObject(deprecatedSource) ? deprecatedSource : {};
  const migrated: KubeObject = {
    ...kept,
    ...present({
      eventTime: kept.eventTime ?? microTime(deprecatedFirstTimestamp),
      reportingController: kept.reportingController || source.component,
      reportingInstance: kept.reportingInstance || source.host,
    }),
  };
  // A series has at least two occurrences, and a time of its last one.
  if (isAbsent(kept.series) && Number(deprecatedCount) >= 2 && !isAbsent(deprecatedLastTimestamp)) {
    migrated.series = { count: deprecatedCount, lastObservedTime: microTime(deprecatedLastTimestamp) };
  }
  return migrated;
}

/** The new fields insist on six decimals of a second, which the deprecated ones don't have. */
function microTime(time: unknown): unknown {
  return typeof time === "string" ? time.replace(/(T\d{2}:\d{2}:\d{2})(?!\.)/, "$1.000000") : time;
}
