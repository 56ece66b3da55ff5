/** A time as the clocks on the walls of a time zone show it. Milliseconds since the epoch, as if that zone were UTC. */
export type WallTime = number;

const formats = new Map<string, Intl.DateTimeFormat>();

/** @throws RangeError where there is no such time zone */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  formats.set(timeZone, format);
  return format;
}

export function isTimeZone(timeZone: string): boolean {
  try {
    formatOf(timeZone);
    return true;
  } catch {
    return false;
  }
}

/** What the clocks show at a moment. */
export function wallTimeAt(ms: number, timeZone: string): WallTime {
  const parts = formatOf(timeZone).formatToParts(ms);
  const part = (wanted: string) => Number(parts.find(({ type }) => type === wanted)?.value);
  const date = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return date + (((ms % 1000) + 1000) % 1000);
}

const day = 24 * 60 * 60_000;

/**
 * The moments at which the clocks show a time: one; two, in the hour that comes twice when they are set back; none, in the hour that
 * is left out when they are set forward.
 */
export function momentsOf(wall: WallTime, timeZone: string): number[] {
  const candidates = [...offsetsAround(wall, timeZone)].map((offset) => wall - offset);
  return [...new Set(candidates)].filter((moment) => wallTimeAt(moment, timeZone) === wall).sort((a, b) => a - b);
}

/** What the clocks were ahead of UTC a day before, and will be a day after: no zone changes them twice in between. */
function offsetsAround(wall: WallTime, timeZone: string): Set<number> {
  return new Set([wall - day, wall + day].map((moment) => wallTimeAt(moment, timeZone) - moment));
}

/** The moment at which clocks that never show a time are set past it. */
export function momentOfGap(wall: WallTime, timeZone: string): number {
  const offsets = [...offsetsAround(wall, timeZone)];
  let before = wall - Math.max(...offsets);
  let after = wall - Math.min(...offsets);
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (wallTimeAt(middle, timeZone) > wall) after = middle;
    else before = middle;
  }
  return after;
}
