import { ago, hour, minute } from "../../evidence.js";
import { planned, type Row } from "../spoil.js";

/** A time at which the plan allows no cutover. */
export const window: Row[] = [
  [
    "before the window",
    "insideWindow",
    "outside-window",
    planned({ window: { opens: "2026-11-28T22:00:00.001Z", closes: "2026-11-29T03:00:00Z" } }),
    /opens at/,
  ],
  [
    "at the window's end",
    "insideWindow",
    "outside-window",
    planned({ window: { opens: "2026-11-28T21:00:00Z", closes: "2026-11-28T22:00:00Z" } }),
    /closed at/,
  ],
  [
    "a window that is none",
    "insideWindow",
    "outside-window",
    planned({ window: { opens: "soon", closes: "later" } }),
    /can't be read: "soon" is no time/,
  ],
  [
    "half a window",
    "insideWindow",
    "outside-window",
    planned({ window: { opens: "2026-11-28T21:00:00Z", closes: "" } }),
    /can't be read/,
  ],
  [
    "a freeze",
    "insideWindow",
    "outside-window",
    planned({ window: { freezes: [{ from: ago(hour), to: ago(-hour), reason: "the busiest week" }] } }),
    /frozen until 2026-11-28T23:00:00.000Z: the busiest week\. It opens at 2026-11-28T23:00:00.000Z, in 1h/,
  ],
  [
    "another time of the week",
    "insideWindow",
    "outside-window",
    planned({ window: { weekly: [{ days: ["sun"], from: "02:00", to: "04:00", timeZone: "Europe/Berlin" }] } }),
    /none of the weekly windows .* It opens at 2026-11-29T01:00:00.000Z, in 3h/,
  ],
  [
    "a time zone that is none",
    "insideWindow",
    "outside-window",
    planned({ window: { weekly: [{ days: ["sat"], from: "00:00", to: "24:00", timeZone: "Middle/Earth" }] } }),
    /can't be read: .*Middle\/Earth/,
  ],
  [
    "less left than the way back takes",
    "windowLongEnough",
    "window-too-short",
    planned({ window: { opens: ago(hour), closes: ago(-minute) } }),
    /closes at 2026-11-28T22:01:00.000Z, in 1m 00s, and the way back takes 1m 01s \(the plan's bound\)/,
  ],
];
