import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RecordSet } from "../../../../src/model/traffic.js";
import {
  countNames,
  describeShares,
  percentNeeded,
  requireShare,
  type ZonePart,
} from "../../../../src/traffic/targets/route53/zone-share.js";

const name = (index: number) => ({ name: `host-${index}.acme.example.`, type: "A" });
const part = (moving: number, zoneNames: number | undefined, zoneId = "Z1"): ZonePart => ({
  zoneId,
  names: Array.from({ length: moving }, (_, index) => name(index)),
  zoneNames,
});
const agreed = { percent: 30, from: 10 };

describe("requireShare", () => {
  it.each<[string, ZonePart[]]>([
    ["exactly the share", [part(3, 10)]],
    ["all of a zone that is small", [part(9, 9)]],
    ["a share of each of two zones", [part(3, 10, "Z1"), part(3, 10, "Z2")]],
    ["the same names twice", [part(3, 10), part(3, 10)]],
    ["what an older version recorded without the zone's size", [part(9, undefined)]],
  ])("allows %s", (_, parts) => {
    expect(() => requireShare(parts, agreed)).not.toThrow();
  });

  it.each<[string, ZonePart[], string]>([
    ["one name more", [part(4, 10)], "zone Z1: 4 of its 10 names move (40 %)"],
    ["a share that rounds to the one agreed", [part(301, 1_000)], "(30.1 %)"],
    ["batches that are too much together", [part(3, 10), { ...part(0, 10), names: [name(7)] }], "4 of its 10"],
    ["the second of two zones", [part(1, 100, "Z1"), part(90, 100, "Z2")], "zone Z2: 90 of its 100"],
  ])("refuses %s, and names it", (_, parts, words) => {
    expect(() => requireShare(parts, agreed)).toThrow(
      expect.objectContaining({ code: "zone-share", message: expect.stringContaining(words) }),
    );
  });

  it("names every record, and the share that would do", () => {
    expect(() => requireShare([part(4, 11)], agreed)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/host-0\.acme\.example\. A.*host-3\.acme\.example\. A/),
        fix: expect.stringContaining("traffic.zoneShare.percent to 37 "),
      }),
    );
  });

  it("allows whatever the percent that it names would allow, and nothing below it", () => {
    const sizes = fc.integer({ min: 10, max: 2_000 });
    fc.assert(
      fc.property(sizes, fc.double({ min: 0, max: 1, noNaN: true }), (size, fraction) => {
        const moving = Math.max(1, Math.round(size * fraction));
        const percent = Math.ceil((moving * 100) / size);
        expect(() => requireShare([part(moving, size)], { percent, from: 10 })).not.toThrow();
        if (percent > 1) expect(() => requireShare([part(moving, size)], { percent: percent - 1, from: 10 })).toThrow();
      }),
      { numRuns: 50 },
    );
  });

  it("asks nothing where nothing was agreed", () => {
    expect(() => requireShare([part(10, 10)], undefined)).not.toThrow();
  });
});

it("says which percent would have to be agreed, and nothing where what is agreed will do", () => {
  const parts = [part(4, 11, "Z1"), part(9, 9, "Z2"), part(5, 12, "Z3")];
  expect(percentNeeded(parts, agreed)).toBe(42);
  expect(percentNeeded(parts, { percent: 42, from: 10 })).toBeUndefined();
});

it("counts a name of several weighted sets once, types apart, and not the SOA", () => {
  const set = (Name: string, Type: string, SetIdentifier?: string): RecordSet => ({
    Name,
    Type,
    ...(SetIdentifier !== undefined && { SetIdentifier }),
  });
  const zone = [
    set("acme.example.", "SOA"),
    set("acme.example.", "NS"),
    set("app.acme.example.", "A", "blue"),
    set("App.acme.example.", "A", "green"),
    set("app.acme.example.", "AAAA"),
  ];
  expect(countNames(zone)).toBe(3);
});

it("tells each zone's share, its batches together", () => {
  expect(describeShares([part(2, 40), { ...part(0, 40), names: [name(5)] }, part(1, 3, "Z2")])).toEqual([
    "zone Z1: 3 of its 40 names move (7.5 %)",
    "zone Z2: 1 of its 3 names move (33.3 %)",
  ]);
});
