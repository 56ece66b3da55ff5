import { describe, expect, it } from "vitest";
import { event } from "../../migrations/event.js";
import { migrateOne, objectFor } from "./apply.js";

const time = "2026-01-01T00:00:00.000000Z";
const modern = {
  eventTime: time,
  reportingController: "example.com/web",
  reportingInstance: "web-1",
  action: "Binding",
  reason: "Bound",
  type: "Normal",
};

describe("event", () => {
  it("changes only the version of one that uses the new fields", () => {
    const object = objectFor(event, { ...modern, note: "hello", regarding: { kind: "Pod" } });
    expect(migrateOne(event, object)).toEqual({ ...object, apiVersion: "events.k8s.io/v1" });
  });

  it("moves the deprecated fields to those that replace them", () => {
    const old = objectFor(event, {
      action: "Pulling",
      reason: "Pulled",
      type: "Warning",
      eventTime: null,
      deprecatedSource: { component: "kubelet", host: "n1" },
      deprecatedFirstTimestamp: "2026-01-01T00:00:00Z",
      deprecatedLastTimestamp: "2026-01-01T01:00:00Z",
      deprecatedCount: 3,
    });
    expect(migrateOne(event, old)).toEqual({
      apiVersion: "events.k8s.io/v1",
      kind: "Event",
      metadata: old.metadata,
      action: "Pulling",
      reason: "Pulled",
      type: "Warning",
      eventTime: "2026-01-01T00:00:00.000000Z",
      reportingController: "kubelet",
      reportingInstance: "n1",
      series: { count: 3, lastObservedTime: "2026-01-01T01:00:00.000000Z" },
    });
  });

  it("makes no series of a single occurrence, which API servers refuse", () => {
    const object = objectFor(event, { ...modern, deprecatedCount: 1, deprecatedLastTimestamp: time });
    expect(migrateOne(event, object)).toEqual({ ...objectFor(event, modern), apiVersion: "events.k8s.io/v1" });
  });

  it.each(["eventTime", "reportingController", "reportingInstance", "action", "reason", "type"])(
    "drops one without %s, and says so",
    (field) => {
      const migrated = event.migrate(objectFor(event, { ...modern, [field]: "" }));
      expect(migrated).toMatchObject({ result: "drop", reason: expect.stringContaining(field) });
    },
  );
});
