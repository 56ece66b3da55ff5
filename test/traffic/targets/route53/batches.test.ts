import { describe, expect, it } from "vitest";
import type { DnsTarget, RecordSet } from "../../../../src/model/traffic.js";
import { batchesOf } from "../../../../src/traffic/targets/route53/batches.js";
import { changesBetween } from "../../../../src/traffic/targets/route53/changes.js";
import { weightedSets } from "../../../../src/traffic/targets/route53/weights.js";

const name = (index: number) => `host-${index}.acme.example.`;
const blueSet = (index: number, values: number): RecordSet => ({
  Name: name(index),
  Type: "A",
  TTL: 60,
  ResourceRecords: Array.from({ length: values }, (_, i) => ({ Value: `192.0.2.${i}` })),
});
const target = (index: number): DnsTarget => ({
  kind: "route53",
  zoneId: "Z1",
  name: name(index),
  type: "A",
  green: ["198.51.100.1"],
});

describe("batchesOf", () => {
  it("moves a zone's names in one batch where they fit", () => {
    const targets = [1, 2, 3].map(target);
    expect(
      batchesOf(
        targets,
        [1, 2, 3].map((i) => blueSet(i, 1)),
      ),
    ).toEqual([targets]);
  });

  it("never goes over Route 53's limits, neither forth nor back, and forgets no name", () => {
    const count = 500;
    const zone = Array.from({ length: count }, (_, i) => blueSet(i, 1 + (i % 7)));
    const targets = Array.from({ length: count }, (_, i) => target(i));
    const batches = batchesOf(targets, zone);
    expect(batches.flat()).toEqual(targets);
    for (const batch of batches) {
      const before = batch.map(({ name }) => zone.find((set) => set.Name === name)).filter((set) => set !== undefined);
      const after = before.flatMap((set) => weightedSets([set], ["198.51.100.1"], 5));
      for (const changes of [changesBetween(before, after), changesBetween(after, before)]) {
        const values = changes.flatMap(({ Action, ResourceRecordSet: { ResourceRecords = [] } }) =>
          Action === "UPSERT" ? [...ResourceRecords, ...ResourceRecords] : ResourceRecords,
        );
        expect(values.length).toBeLessThanOrEqual(1_000);
        expect(values.reduce((sum, { Value }) => sum + Value.length, 0)).toBeLessThanOrEqual(32_000);
      }
    }
    expect(batches.length).toBeLessThan(10);
  });
});
