import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RecordSet } from "../../../../src/model/traffic.js";
import { assertAnswers, changesBetween } from "../../../../src/traffic/targets/route53/changes.js";
import { sameSets } from "../../../../src/traffic/targets/route53/record-sets.js";
import { scaled, weightedSets } from "../../../../src/traffic/targets/route53/weights.js";
import * as arbitrary from "./arbitraries.js";
import { applyBatch } from "./zone-model.js";

const weightSum = (sets: readonly RecordSet[]) => sets.reduce((sum, { Weight = 1 }) => sum + Weight, 0);
const simple: RecordSet = { Name: "app.acme.example.", Type: "A", TTL: 300, ResourceRecords: [{ Value: "192.0.2.1" }] };

describe("weightedSets", () => {
  it("makes a simple set weighted, whole but for weight and identifier", () => {
    expect(weightedSets([simple], ["198.51.100.1"], 25)).toEqual([
      { ...simple, SetIdentifier: "clustershift-blue", Weight: 75 },
      { ...simple, SetIdentifier: "clustershift-green", Weight: 25, ResourceRecords: [{ Value: "198.51.100.1" }] },
    ]);
  });

  it("keeps blue at the end, with weight 0", () => {
    const [blue, green] = weightedSets([simple], ["198.51.100.1"], 100);
    expect(blue).toEqual({ ...simple, SetIdentifier: "clustershift-blue", Weight: 0 });
    expect(green?.Weight).toBe(100);
  });

  it("gives the next green another identifier than the last one's", () => {
    const last = weightedSets([simple], ["198.51.100.1"], 100);
    const next = weightedSets(last, ["203.0.113.1"], 5);
    expect(next.map(({ SetIdentifier }) => SetIdentifier)).toEqual([
      "clustershift-blue",
      "clustershift-green",
      "clustershift-green-2",
    ]);
  });

  it("changes nothing of blue's sets but weight and identifier, and gives green its share", () => {
    fc.assert(
      fc.property(arbitrary.nameSets(), arbitrary.green, fc.integer({ min: 1, max: 99 }), (before, green, share) => {
        const after = weightedSets(before, green, share);
        const greenSet = after.at(-1);
        expect(after.slice(0, -1)).toEqual(
          before.map((set, i) => ({ ...set, SetIdentifier: after[i]?.SetIdentifier, Weight: after[i]?.Weight })),
        );
        expect(greenSet?.ResourceRecords?.map(({ Value }) => Value)).toEqual(green);
        // Six sets with weights from 1 to 255 can't be scaled exactly, nor shares below 1/256 be given.
        const error = Math.abs((greenSet?.Weight ?? 0) / weightSum(after) - share / 100);
        expect(error).toBeLessThan(before.filter(({ Weight }) => Weight !== 0).length === 1 ? 1e-9 : 0.02);
      }),
    );
  });
});

describe("scaled", () => {
  it.each([
    { before: [10], share: 1, blue: [99], green: 1 },
    { before: [255], share: 50, blue: [50], green: 50 },
    { before: [1, 1], share: 50, blue: [1, 1], green: 2 },
    { before: [70, 30], share: 0.5 * 100, blue: [7, 3], green: 10 },
    { before: [5, 0], share: 25, blue: [3, 0], green: 1 },
    { before: [5, 7], share: 100, blue: [0, 0], green: 100 },
  ])("$before at $share % -> $blue and $green", ({ before, share, blue, green }) => {
    expect(scaled(before, share)).toEqual({ blue, green });
  });

  it("keeps an answer for who had one, and gives none to who had none, until the last step", () => {
    const weights = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 99 });
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 99 }), (before, share) => {
        fc.pre(before.some((weight) => weight > 0));
        const { blue, green } = scaled(before, share);
        expect(green).toBeGreaterThan(0);
        for (const [i, weight] of blue.entries()) {
          expect(Number.isInteger(weight) && weight <= 255).toBe(true);
          expect(weight > 0).toBe((before[i] ?? 0) > 0);
        }
      }),
    );
  });

  it("refuses weights that are all zero", () => {
    expect(() => scaled([0, 0], 50)).toThrow(/all zero/);
  });
});

describe("changesBetween", () => {
  it("goes from simple to weighted in one batch, the delete first", () => {
    const batch = changesBetween([simple], weightedSets([simple], ["198.51.100.1"], 5));
    expect(batch.map(({ Action, ResourceRecordSet: { SetIdentifier } }) => [Action, SetIdentifier])).toEqual([
      ["DELETE", undefined],
      ["UPSERT", "clustershift-blue"],
      ["UPSERT", "clustershift-green"],
    ]);
    expect(batch[0]?.ResourceRecordSet).toEqual(simple);
  });

  it("writes again what stays beside a set that goes", () => {
    const sets = weightedSets([simple], ["198.51.100.1"], 100);
    const batch = changesBetween(sets, sets.slice(1));
    expect(batch).toEqual([
      { Action: "DELETE", ResourceRecordSet: sets[0] },
      { Action: "UPSERT", ResourceRecordSet: sets[1] },
    ]);
  });

  it("writes nothing where nothing differs, in whatever order the values come", () => {
    const shuffled = { ...simple, ResourceRecords: [{ Value: "192.0.2.2" }, { Value: "192.0.2.1" }] };
    const sorted = { ...simple, ResourceRecords: [{ Value: "192.0.2.1" }, { Value: "192.0.2.2" }] };
    expect(changesBetween([shuffled], [sorted])).toEqual([]);
  });

  it("after any steps, forth and back, the way back ends exactly at the beginning, and never is a name without an answer", () => {
    const names = ["app.acme.example.", "api.acme.example."];
    const zone = fc.tuple(...names.map((name) => arbitrary.nameSets(name))).map((sets) => sets.flat());
    const foreign: RecordSet = { ...simple, Name: "foreign.acme.example." };
    fc.assert(
      fc.property(zone, arbitrary.green, fc.array(arbitrary.share, { maxLength: 8 }), (before, green, shares) => {
        const at = (share: number) =>
          names.flatMap((name) =>
            weightedSets(
              before.filter(({ Name }) => Name === name),
              green,
              share,
            ),
          );
        let live = [...before, foreign];
        const ours = () => live.filter(({ Name }) => Name !== foreign.Name);
        for (const wanted of [...shares.map(at), before]) {
          live = applyBatch(live, changesBetween(ours(), wanted));
          for (const name of names) {
            expect(weightSum(live.filter(({ Name }) => Name === name))).toBeGreaterThan(0);
          }
          expect(sameSets(ours(), wanted)).toBe(true);
        }
        const sorted = (sets: RecordSet[]) => sets.map((set) => JSON.stringify(set)).sort();
        // As JSON: the same members with the same values, in the same order.
        expect(sorted(live)).toEqual(sorted([...before, foreign]));
      }),
      { numRuns: 300 },
    );
  });
});

describe("assertAnswers", () => {
  const at = (Weight: number, SetIdentifier = "a"): RecordSet => ({ ...simple, SetIdentifier, Weight });
  it.each<[string, RecordSet[], RecordSet[], RegExp]>([
    ["a name is left without an answer", [simple], [], /without an answer/],
    ["all weights are zero", [simple], [at(0), at(0, "b")], /zero/],
    ["one weight is all there is, and zero", [at(1)], [at(0)], /zero/],
    ["weighted and simple are mixed", [simple], [simple, at(1)], /mix/],
    ["a set has no value", [simple], [{ ...simple, ResourceRecords: [] }], /without a value/],
  ])("refuses where %s", (_, from, to, message) => {
    expect(() => assertAnswers(from, to)).toThrow(message);
    expect(() => changesBetween(from, to)).toThrow(message);
  });
});
