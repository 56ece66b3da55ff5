import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { momentOfGap, momentsOf, wallTimeAt } from "../../src/model/wall-clock.js";
import { describeWindow, type MaintenanceWindow, weekdays, windowAt } from "../../src/model/window.js";

const minute = 60_000;
const hour = 60 * minute;
const berlin = "Europe/Berlin";
const at = (text: string) => Date.parse(text);
const nightly = (from: string, to: string, timeZone = berlin): MaintenanceWindow => ({
  weekly: [{ days: ["sat"], from, to, timeZone }],
});

/** In 2026 clocks of Berlin go forward on 29 March at 01:00 UTC, and back on 25 October at 01:00 UTC. Both are Sundays. */
describe("wall time", () => {
  const wall = (text: string) => Date.parse(`${text}Z`);
  it.each([
    ["winter", "2026-01-10T12:00", ["2026-01-10T11:00Z"]],
    ["summer", "2026-07-10T12:00", ["2026-07-10T10:00Z"]],
    ["a time that is left out", "2026-03-29T02:30", []],
    ["the first moment after that", "2026-03-29T03:00", ["2026-03-29T01:00Z"]],
    ["a time that comes twice", "2026-10-25T02:30", ["2026-10-25T00:30Z", "2026-10-25T01:30Z"]],
  ])("of Berlin in %s", (_, local, moments) => {
    expect(momentsOf(wall(local), berlin)).toEqual(moments.map(at));
  });

  it("that is left out has the moment of the change", () => {
    for (const local of ["2026-03-29T02:00", "2026-03-29T02:30", "2026-03-29T02:59:59"])
      expect(momentOfGap(wall(local), berlin)).toBe(at("2026-03-29T01:00Z"));
    // Half an hour, at Lord Howe.
    expect(momentOfGap(wall("2026-10-04T02:15"), "Australia/Lord_Howe")).toBe(at("2026-10-03T15:30Z"));
  });

  it("and its moments belong to each other, in any zone", () => {
    const zones = [berlin, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns", "UTC"];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: at("2020-01-01"), max: at("2035-01-01") }),
        (zone, ms) => {
          expect(momentsOf(wallTimeAt(ms, zone), zone)).toContain(ms);
        },
      ),
    );
  });
});

describe("a window", () => {
  it.each<[string, string, MaintenanceWindow, string | undefined, string | undefined]>([
    ["has its first moment", "2026-11-28T21:00Z", nightly("22:00", "04:00"), "open", "2026-11-29T03:00Z"],
    ["has not its last", "2026-11-29T03:00Z", nightly("22:00", "04:00"), undefined, "2026-12-05T21:00Z"],
    ["is another UTC time in summer", "2026-06-06T20:00Z", nightly("22:00", "04:00"), "open", "2026-06-07T02:00Z"],
    ["ends with the day", "2026-06-06T21:59:59Z", nightly("20:00", "24:00"), "open", "2026-06-06T22:00Z"],
    [
      "is an hour shorter where clocks go forward",
      "2026-03-28T21:00Z",
      nightly("22:00", "04:00"),
      "open",
      "2026-03-29T02:00Z",
    ],
    [
      "is an hour longer where they go back",
      "2026-10-24T20:00Z",
      nightly("22:00", "04:00"),
      "open",
      "2026-10-25T03:00Z",
    ],
    [
      "closes at the change, where its end is left out",
      "2026-03-29T00:59Z",
      nightly("22:00", "02:30"),
      "open",
      "2026-03-29T01:00Z",
    ],
    [
      "closes the first time, where its end comes twice",
      "2026-10-25T00:29Z",
      nightly("22:00", "02:30"),
      "open",
      "2026-10-25T00:30Z",
    ],
    [
      "opens the second time, where its beginning comes twice",
      "2026-10-25T00:31Z",
      { weekly: [{ days: ["sun"], from: "02:30", to: "05:00", timeZone: berlin }] },
      undefined,
      "2026-10-25T01:30Z",
    ],
    [
      "opens at the change, where its beginning is left out",
      "2026-03-29T00:59Z",
      { weekly: [{ days: ["sun"], from: "02:30", to: "05:00", timeZone: berlin }] },
      undefined,
      "2026-03-29T01:00Z",
    ],
    [
      "has no length in the night in which it would be over before it begins",
      "2026-10-25T00:20Z",
      { weekly: [{ days: ["sun"], from: "02:15", to: "02:45", timeZone: berlin }] },
      undefined,
      "2026-11-01T01:15Z",
    ],
    [
      "is one where two touch",
      "2026-11-28T22:00Z",
      { weekly: [{ days: ["sat", "sun"], from: "00:00", to: "24:00", timeZone: "UTC" }] },
      "open",
      "2026-11-30T00:00Z",
    ],
    [
      "closes where a freeze begins",
      "2026-11-28T21:30Z",
      { ...nightly("22:00", "04:00"), freezes: [{ from: "2026-11-28T22:00Z", to: "2026-12-20T00:00Z", reason: "r" }] },
      "open",
      "2026-11-28T22:00Z",
    ],
    [
      "opens after the freezes that follow each other",
      "2026-12-19T21:30Z",
      {
        ...nightly("22:00", "04:00"),
        freezes: [
          { from: "2026-12-19T00:00Z", to: "2026-12-24T00:00Z", reason: "r" },
          { from: "2026-12-24T00:00Z", to: "2027-01-03T00:00Z", reason: "r" },
        ],
      },
      undefined,
      // Not on the third, a Sunday, whose night began on Saturday under the freeze and goes on until 03:00 UTC.
      "2027-01-03T00:00Z",
    ],
    [
      "is closed by its whole range, whatever the week says",
      "2026-11-28T21:30Z",
      { ...nightly("22:00", "04:00"), opens: "2026-12-01T00:00Z", closes: "2026-12-31T00:00Z" },
      undefined,
      "2026-12-05T21:00Z",
    ],
    [
      "never opens again",
      "2027-01-01T00:00Z",
      { opens: "2026-12-01T00:00Z", closes: "2026-12-31T00:00Z" },
      undefined,
      undefined,
    ],
    ["without an end is open", "2026-01-01T00:00Z", { freezes: [] }, "open", undefined],
  ])("%s", (_, now, window, open, until) => {
    const state = windowAt(at(now), window);
    expect(state.open).toBe(open !== undefined);
    const change = "closes" in state ? state.closes : "opens" in state ? state.opens : undefined;
    expect(change === undefined ? undefined : new Date(change).toISOString()).toBe(
      until === undefined ? undefined : new Date(until).toISOString(),
    );
  });

  it.each<[string, MaintenanceWindow]>([
    ["half a range", { opens: "2026-11-28T21:00:00Z" }],
    ["no time", { opens: "soon", closes: "later" }],
    ["no time of day", nightly("22", "04:00")],
    ["no time zone", nightly("22:00", "04:00", "Middle/Earth")],
  ])("with %s is an error, not open", (_, window) => {
    expect(() => windowAt(at("2026-11-28T22:00Z"), window)).toThrow(RangeError);
  });

  const clock = fc.integer({ min: 0, max: 24 * 4 - 1 }).map((quarter) => quarter * 15);
  const text = (minutes: number) =>
    `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
  const moment = fc.integer({ min: at("2026-01-01") / minute, max: at("2028-01-01") / minute }).map((n) => n * minute);
  const window = fc.record({
    weekly: fc.array(
      fc
        .record({
          days: fc.uniqueArray(fc.constantFrom(...weekdays), { minLength: 1 }),
          from: clock.map(text),
          to: clock.map(text),
          timeZone: fc.constantFrom(berlin, "America/New_York", "Asia/Kathmandu", "UTC"),
        })
        .filter(({ from, to }) => from !== to),
      { minLength: 1, maxLength: 3 },
    ),
    freezes: fc.array(
      fc.tuple(moment, fc.integer({ min: 1, max: 24 * 40 })).map(([from, hours]) => ({
        from: new Date(from).toISOString(),
        to: new Date(from + hours * hour).toISOString(),
        reason: "r",
      })),
      { maxLength: 3 },
    ),
  });

  it("says truly when that changes", () => {
    fc.assert(
      fc.property(moment, window, (now, rule) => {
        const state = windowAt(now, rule);
        const change = state.open ? state.closes : state.opens;
        if (change === undefined) return;
        expect(change).toBeGreaterThan(now);
        expect(windowAt(change, rule).open).toBe(!state.open);
        // Nothing changes before.
        for (const part of [0.01, 0.3, 0.7, 0.99])
          expect(windowAt(Math.floor(now + (change - 1 - now) * part), rule).open).toBe(state.open);
        expect(windowAt(change - 1, rule).open).toBe(state.open);
      }),
      { numRuns: 40 },
    );
  });

  it("is what each zone's clocks show, but in the nights in which they are changed", () => {
    fc.assert(
      fc.property(moment, window, (now, rule) => {
        const zones = rule.weekly.map(({ timeZone }) => timeZone);
        const offset = (ms: number, zone: string) => wallTimeAt(ms, zone) - ms;
        fc.pre(zones.every((zone) => offset(now - 27 * hour, zone) === offset(now + 27 * hour, zone)));
        const frozen = rule.freezes.some(({ from, to }) => now >= at(from) && now < at(to));
        const inside = rule.weekly.some(({ days, from, to, timeZone }) => {
          const local = new Date(wallTimeAt(now, timeZone));
          const clock = local.toISOString().slice(11, 16);
          const today = days.includes(weekdays[local.getUTCDay()] ?? "sun");
          const yesterday = days.includes(weekdays[(local.getUTCDay() + 6) % 7] ?? "sun");
          if (to > from) return today && clock >= from && clock < to;
          return (today && clock >= from) || (yesterday && clock < to);
        });
        expect(windowAt(now, rule).open).toBe(inside && !frozen);
      }),
      { numRuns: 100 },
    );
  });

  it("is told in a line", () => {
    expect(
      describeWindow({
        opens: "a",
        closes: "b",
        weekly: [{ days: ["sat", "sun"], from: "22:00", to: "04:00", timeZone: berlin }],
        freezes: [{ from: "c", to: "d", reason: "sales" }],
      }),
    ).toBe("a to b; sat, sun 22:00 to 04:00 Europe/Berlin; not c to d (sales)");
  });
});
