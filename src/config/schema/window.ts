import { z } from "zod";
import { isTimeZone } from "../../model/wall-clock.js";
import { weekdays } from "../../model/window.js";
import { instant, textLike } from "./values.js";

const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'is no time of day: write for example "22:00"')
  .meta({ examples: ["22:00"] });

const weekly = z
  .strictObject({
    days: z
      .array(z.enum(weekdays))
      .min(1)
      .meta({ description: "Days on which it opens.", examples: [["sat", "sun"]] }),
    from: timeOfDay.meta({ description: "Opens then." }),
    to: timeOfDay.meta({
      description: "Closes then: on the next day where it isn't later than from.",
      examples: ["04:00"],
    }),
    timeZone: z
      .string()
      .refine(isTimeZone, 'is no time zone: write for example "Europe/Berlin"')
      .meta({ description: "IANA time zone; summer time is followed.", examples: ["Europe/Berlin"] }),
  })
  .refine(({ from, to }) => from !== to && from !== "24:00", {
    error: 'must be another time than to, and before "24:00": a whole day is from "00:00" to "24:00"',
    path: ["from"],
  });

/** What can't be read is another error. */
const later = <Key extends string>(first: Key, second: Key, path = "") => ({
  check: (value: { [Each in Key]?: string | undefined }) =>
    !(Date.parse(value[first] ?? "") >= Date.parse(value[second] ?? "")),
  says: { error: `must be later than ${path}${first}`, path: [second] },
});
const range = later("opens", "closes", "window.");
const span = later("from", "to");

export const window = z
  .strictObject({
    opens: instant.optional().meta({
      description: "The cutover may begin from then on.",
      examples: ["2026-11-28T22:00:00+01:00"],
    }),
    closes: instant.optional().meta({
      description: "No cutover begins from then on, and one that is under way goes back before.",
      examples: ["2026-11-29T04:00:00+01:00"],
    }),
    weekly: z.array(weekly).default([]).meta({ description: "Times of each week in which it may." }),
    freezes: z
      .array(
        z
          .strictObject({
            from: instant.meta({ description: "Nothing is changed from then on." }),
            to: instant.meta({ description: "Until then." }),
            reason: textLike("Why, for whoever is refused.", "the busiest week of the year"),
          })
          .refine(span.check, span.says),
      )
      .default([])
      .meta({ description: "Times in which it may not, whatever else says that it may." }),
  })
  .refine(range.check, range.says)
  .refine(({ opens, closes }) => (opens === undefined) === (closes === undefined), {
    error: "must have both of opens and closes, or none",
  })
  .refine(({ opens, weekly, freezes }) => opens !== undefined || weekly.length > 0 || freezes.length > 0, {
    error: "has no times: write opens and closes, or weekly",
  })
  .meta({
    description:
      "The announced maintenance window: all of opens and closes, weekly and freezes must allow now. Without one cutover is allowed at any time.",
  });
