import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDuration, parseDuration } from "../../src/model/duration.js";

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];

describe("parseDuration", () => {
  it.each([
    ["90s", 90 * second],
    ["15m", 15 * minute],
    ["1h30m", 90 * minute],
    ["2d", 2 * day],
    ["500ms", 500],
    ["1m500ms", minute + 500],
    ["1.5h", 90 * minute],
    ["0.4ms", 0],
    ["0s", 0],
  ])("%s is %i ms", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    "",
    " ",
    "90",
    "s",
    "-5s",
    "+5s",
    "5 s",
    " 5s",
    "5s ",
    "5S",
    "1.s",
    ".5s",
    "1..5s",
    "5w",
    "1h30",
    "5s5",
    "1e3s",
    "∞",
    "٣s",
    "5s\n",
  ])("%j is none", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it("adds up what it is made of", () => {
    const part = fc
      .tuple(fc.nat({ max: 9999 }), fc.constantFrom("ms", "s", "m", "h", "d"))
      .map(([n, unit]) => `${n}${unit}`);
    fc.assert(
      fc.property(part, part, (a, b) => {
        expect(parseDuration(a + b)).toBe((parseDuration(a) ?? Number.NaN) + (parseDuration(b) ?? Number.NaN));
      }),
    );
  });

  it("answers at once, whatever it is asked", () => {
    expect(parseDuration("1".repeat(100_000))).toBeUndefined();
    expect(parseDuration(`${"1s".repeat(20_000)}!`)).toBeUndefined();
  });
});

describe("formatDuration", () => {
  it.each([
    [0, "0ms"],
    [850, "850ms"],
    [999.4, "999ms"],
    [999.6, "1s"],
    [1000, "1s"],
    [12_300, "12.3s"],
    [59_940, "59.9s"],
    [59_960, "1m 00s"],
    [245_000, "4m 05s"],
    [hour - 1, "1h 00m"],
    [90 * minute, "1h 30m"],
    [day - 1, "1d 0h"],
    [2 * day + 4 * hour, "2d 4h"],
  ])("%d ms is %s", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it("is read back as what it was, but for what two units leave out", () => {
    fc.assert(
      fc.property(fc.nat({ max: 400 * day }), (ms) => {
        const back = parseDuration(formatDuration(ms).replace(" ", ""));
        const lost = ms < minute ? 0.05 * second + 1 : ms < hour ? second : ms < day ? minute : hour;
        expect(Math.abs((back ?? Number.NaN) - ms)).toBeLessThanOrEqual(lost);
      }),
    );
  });

  it("never says 60 of a unit, or 24 hours", () => {
    fc.assert(fc.property(fc.nat({ max: 3 * day }), (ms) => !/\b(60(\.0)?[sm]|24h|1000ms)\b/.test(formatDuration(ms))));
  });
});
