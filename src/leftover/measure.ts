import { networkTrouble } from "../host/network.js";
import { compareText } from "../model/canonical.js";
import { parseDuration } from "../model/duration.js";
import type { LeftoverReading, LeftoverReport } from "../model/leftover.js";
import type { Counted, LeftoverContext, Source, SourceConfig } from "./context.js";
import { cloudwatch } from "./sources/cloudwatch.js";
import { command } from "./sources/command.js";
import { counter } from "./sources/counter.js";
import { prometheus } from "./sources/prometheus.js";

/** Every kind of source: register a new one here, and in the configuration's schema. */
const sources: { [Kind in SourceConfig["kind"]]: Source<Kind> } = { counter, prometheus, cloudwatch, command };

/** Talkers of a source that are named. */
const mostNamed = 10;

/** Asks all sources at the same time, in the configuration's order. @throws only the signal's reason, when it is aborted */
export async function measure(
  configured: readonly SourceConfig[],
  context: LeftoverContext,
): Promise<LeftoverReading[]> {
  const readings = await Promise.all(
    configured.map(async (each) => {
      // The table pairs each kind with its own source, which the type of a lookup can't say.
      const source = sources[each.kind] as (each: SourceConfig, context: LeftoverContext) => Promise<Counted>;
      const counted = await source(each, context).catch((error: unknown) => ({
        unknown: networkTrouble(error, parseDuration(each.timeout) ?? 0),
      }));
      return readingOf(each, counted);
    }),
  );
  context.signal?.throwIfAborted();
  return readings;
}

/** What was counted, judged: quiet up to what is allowed. A number that is none, or below nothing, is unknown. */
export function readingOf(
  source: Pick<SourceConfig, "name" | "kind" | "unit" | "allowed">,
  counted: Counted,
): LeftoverReading {
  const { name, kind, unit, allowed } = source;
  const wrong =
    "who" in counted
      ? counted.who.find(({ amount }) => !(amount >= 0 && amount < Number.POSITIVE_INFINITY))
      : undefined;
  if ("unknown" in counted || wrong) {
    const why = "unknown" in counted ? counted.unknown : `${wrong?.name} is ${wrong?.amount}`;
    return { name, kind, unit, outcome: "unknown", amount: null, who: [], detail: `Could not be measured: ${why}.` };
  }
  const talking = counted.who
    .filter(({ amount }) => amount > 0)
    .sort((a, b) => b.amount - a.amount || compareText(a.name, b.name));
  const amount = talking.reduce((sum, each) => sum + each.amount, 0);
  const outcome = amount <= allowed ? "quiet" : "some";
  const more = talking.length > mostNamed ? `; and ${talking.length - mostNamed} more` : "";
  const who = talking.slice(0, mostNamed);
  const names = who.length > 0 ? `: ${who.map((each) => `${each.name} (${each.amount})`).join(", ")}${more}` : "";
  return { name, kind, unit, outcome, amount, who, detail: `${amount} ${unit}, ${allowed} allowed${names}.` };
}

/**
 * A measurement after the one before it. Quiet goes on only where they lie close enough: of a long time between two nothing is known.
 *
 * @param mostGapMs between two measurements
 */
export function reportOf(
  readings: readonly LeftoverReading[],
  now: number,
  before: LeftoverReport | undefined,
  mostGapMs: number,
): LeftoverReport {
  const is = (outcome: LeftoverReading["outcome"]) => readings.some((reading) => reading.outcome === outcome);
  const outcome = is("some") ? "some" : is("unknown") || readings.length === 0 ? "unknown" : "quiet";
  const at = new Date(now).toISOString();
  const gap = before ? now - Date.parse(before.at) : Number.NaN;
  const sameSources =
    before?.sources.map(({ name }) => name).join("\n") === readings.map(({ name }) => name).join("\n");
  const goesOn = before?.quietSince && sameSources && gap >= 0 && gap <= mostGapMs;
  const quietSince = outcome !== "quiet" ? null : goesOn ? before.quietSince : at;
  return { format: 1, at, outcome, quietSince, sources: [...readings] };
}
