import { momentOfGap, momentsOf, type WallTime, wallTimeAt } from "./wall-clock.js";

export const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
export type Weekday = (typeof weekdays)[number];

/** The same time each week: from `22:00` to `04:00` begins on each of the days and ends on the next one. */
export interface WeeklyWindow {
  days: readonly Weekday[];
  /** `22:00` */
  from: string;
  /** `04:00`, or `24:00` for the day's end. */
  to: string;
  /** IANA name: `Europe/Berlin`. */
  timeZone: string;
}

/** When nothing may be changed, whatever else says that it may. ISO 8601 with offset. */
export interface Freeze {
  from: string;
  to: string;
  reason: string;
}

/** When a cutover may be made: within opens and closes, if they are given; in one of the weekly times, if any; and in no freeze. */
export interface MaintenanceWindow {
  opens?: string | undefined;
  closes?: string | undefined;
  weekly?: readonly WeeklyWindow[] | undefined;
  freezes?: readonly Freeze[] | undefined;
}

export type WindowState =
  /** Until `closes`, in milliseconds since the epoch; undefined where it has no end. */
  | { open: true; closes?: number }
  /** Until `opens`; undefined where it never opens again, or not within the next years. */
  | { open: false; opens?: number; why: string };

/**
 * Whether a window is open at a moment, and when that changes. Where clocks are changed, the window is the smaller one: at a time that
 * comes twice it opens the second time and closes the first; a time that is left out is the moment of the change.
 *
 * @throws RangeError where a time of it can't be read
 */
export function windowAt(now: number, window: MaintenanceWindow): WindowState {
  const rules = read(window);
  const why = closedBy(now, rules);
  if (why === undefined) {
    const closes = closing(now, rules);
    return closes === Number.POSITIVE_INFINITY ? { open: true } : { open: true, closes };
  }
  const opens = opening(now, rules);
  return opens === undefined ? { open: false, why } : { open: false, opens, why };
}

interface Range {
  from: number;
  to: number;
}

interface Rules {
  whole: Range;
  weekly: readonly WeeklyWindow[];
  freezes: (Range & { reason: string })[];
  /** In their own words, for people. */
  said: MaintenanceWindow;
}

function read(window: MaintenanceWindow): Rules {
  const { opens, closes, weekly = [], freezes = [] } = window;
  if ((opens === undefined) !== (closes === undefined)) throw new RangeError("it has only one of opens and closes");
  return {
    whole: {
      from: opens === undefined ? Number.NEGATIVE_INFINITY : moment(opens),
      to: closes === undefined ? Number.POSITIVE_INFINITY : moment(closes),
    },
    weekly,
    freezes: freezes.map(({ from, to, reason }) => ({ from: moment(from), to: moment(to), reason })),
    said: window,
  };
}

function moment(text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new RangeError(`${JSON.stringify(text)} is no time`);
  return ms;
}

function closedBy(at: number, { whole, weekly, freezes, said }: Rules): string | undefined {
  if (at >= whole.to) return `The maintenance window closed at ${said.closes}.`;
  const frozen = freezes.find(({ from, to }) => at >= from && at < to);
  if (frozen) return `Changes are frozen until ${iso(frozen.to)}: ${frozen.reason}.`;
  if (at < whole.from) return `The maintenance window opens at ${said.opens}.`;
  if (weekly.length > 0 && !occurrences(at, weekly).some(({ from, to }) => at >= from && at < to))
    return `Now is in none of the weekly windows (${weekly.map(describeWeekly).join("; ")}).`;
  return undefined;
}

/** Each turn leaves one reason behind, or some days; a calendar that needs more is as good as endless. */
const turns = 100;

function closing(at: number, { whole, weekly, freezes }: Rules): number {
  const limit = Math.min(whole.to, ...freezes.filter(({ from }) => from > at).map(({ from }) => from));
  if (weekly.length === 0) return limit;
  let end = at;
  for (let turn = 0; turn < turns && end < limit; turn++) {
    // What is seen at once ends a week from there; a window that is open all week has no end.
    const next = occurrences(end, weekly).find(({ from, to }) => end >= from && end < to);
    if (!next) return Math.min(end, limit);
    end = next.to;
  }
  return limit;
}

function opening(at: number, rules: Rules): number | undefined {
  const { whole, weekly, freezes } = rules;
  let next = at;
  for (let turn = 0; turn < turns; turn++) {
    if (next >= whole.to) return undefined;
    const frozen = freezes.find(({ from, to }) => next >= from && next < to);
    if (frozen) next = frozen.to;
    else if (next < whole.from) next = whole.from;
    else {
      const times = occurrences(next, weekly);
      if (weekly.length === 0 || times.some(({ from, to }) => next >= from && next < to)) return next;
      const later = times.find(({ from }) => from > next);
      // Where clocks were changed, a week's only time can have had no length.
      next = later?.from ?? next + 7 * day;
    }
  }
  return undefined;
}

const day = 24 * 60 * 60_000;

/** The weekly times around a moment, in order; those that touch are one. */
function occurrences(at: number, weekly: readonly WeeklyWindow[]): Range[] {
  const found: Range[] = [];
  for (const { days, from, to, timeZone } of weekly) {
    const midnight = Math.floor(wallTimeAt(at, timeZone) / day) * day;
    const [begins, ends] = [timeOfDay(from), timeOfDay(to)];
    for (let offset = -2; offset <= 8; offset++) {
      const date = midnight + offset * day;
      const weekday = weekdays[new Date(date).getUTCDay()];
      if (weekday === undefined || !days.includes(weekday)) continue;
      const range = {
        from: latest(date + begins, timeZone),
        to: earliest(date + ends + (ends <= begins ? day : 0), timeZone),
      };
      if (range.from < range.to) found.push(range);
    }
  }
  return joined(found);
}

function joined(ranges: Range[]): Range[] {
  const result: Range[] = [];
  for (const range of ranges.sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && range.from <= last.to) last.to = Math.max(last.to, range.to);
    else result.push({ ...range });
  }
  return result;
}

function timeOfDay(text: string): number {
  const [, hours, minutes] = /^(\d\d):(\d\d)$/.exec(text) ?? [];
  const ms = (Number(hours) * 60 + Number(minutes)) * 60_000;
  if (Number.isNaN(ms) || ms > day) throw new RangeError(`${JSON.stringify(text)} is no time of day`);
  return ms;
}

const latest = (wall: WallTime, zone: string): number => momentsOf(wall, zone).at(-1) ?? momentOfGap(wall, zone);
const earliest = (wall: WallTime, zone: string): number => momentsOf(wall, zone)[0] ?? momentOfGap(wall, zone);
const iso = (ms: number): string => new Date(ms).toISOString();

function describeWeekly({ days, from, to, timeZone }: WeeklyWindow): string {
  return `${days.join(", ")} ${from} to ${to} ${timeZone}`;
}

/** In a line: `2026-11-28T22:00:00+01:00 to …`, `sat, sun 22:00 to 04:00 Europe/Berlin; frozen …`. */
export function describeWindow({ opens, closes, weekly = [], freezes = [] }: MaintenanceWindow): string {
  return [
    ...(opens === undefined ? [] : [`${opens} to ${closes}`]),
    ...weekly.map(describeWeekly),
    ...freezes.map(({ from, to, reason }) => `not ${from} to ${to} (${reason})`),
  ].join("; ");
}
