/**
 * A moment for people of one time zone: `Sat 28 Nov 2026, 22:00 Europe/Berlin (GMT+1)`, or `…, 21:00 UTC`.
 *
 * @param ms milliseconds since the epoch
 */
export function formatMoment(ms: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZoneName: "shortOffset",
  });
  const part = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));
  const zone = timeZone === "UTC" ? "UTC" : `${timeZone} (${part.timeZoneName})`;
  return `${part.weekday} ${part.day} ${part.month} ${part.year}, ${part.hour}:${part.minute} ${zone}`;
}
