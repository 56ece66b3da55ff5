import { ask, credentialsOf } from "../../host/ask.js";
import { parseDuration } from "../../model/duration.js";
import type { Counted, LeftoverContext, Source, SourceConfig } from "../context.js";
import { parseExposition, type Sample } from "../exposition.js";
import { addedUp, nameOf } from "../who.js";

type Counter = Extract<SourceConfig, { kind: "counter" }>;

/** Metrics of blue's own edge or ingress: a counter that is read twice, or a gauge of open connections. */
export const counter: Source<"counter"> = async (source, context) => {
  const first = await read(source, context);
  if ("unknown" in first) return first;
  if (source.unit === "connections") return gauged(first.samples, source);
  await context.clock.sleep(parseDuration(source.over) ?? 0, context.signal);
  const second = await read(source, context);
  return "unknown" in second ? second : difference(first.samples, second.samples, source);
};

/** What a gauge says of each. */
export function gauged(samples: readonly Sample[], { who, metric }: Pick<Counter, "who" | "metric">): Counted {
  if (samples.length === 0) return { unknown: `no series of ${metric} has these labels` };
  return { who: addedUp(samples.map(({ labels, value }) => ({ name: nameOf(labels, who), amount: value }))) };
}

/** What came between two readings of a counter. One that fell, or is gone, began anew: what it counted before is unknown. */
export function difference(
  before: readonly Sample[],
  after: readonly Sample[],
  { who, metric }: Pick<Counter, "who" | "metric">,
): Counted {
  if (after.length === 0) return { unknown: `no series of ${metric} has these labels` };
  const values = (samples: readonly Sample[]) =>
    new Map(samples.map(({ labels, value }) => [JSON.stringify(Object.entries(labels).sort()), { labels, value }]));
  const [old, now] = [values(before), values(after)];
  const fell = [...old].find(([key, { value }]) => !((now.get(key)?.value ?? -1) >= value));
  if (fell) return { unknown: `${metric} of ${nameOf(fell[1].labels, who)} fell between two readings` };
  const grown = [...now].map(([key, { labels, value }]) => ({
    name: nameOf(labels, who),
    amount: value - (old.get(key)?.value ?? 0),
  }));
  return { who: addedUp(grown) };
}

async function read(source: Counter, context: LeftoverContext): Promise<{ samples: Sample[] } | { unknown: string }> {
  const { url, metric, labels } = source;
  const timeoutMs = parseDuration(source.timeout) ?? 0;
  const credentials = await credentialsOf(source, context);
  const { signal } = context;
  const { status, text, whole } = await ask({ url, timeoutMs, accept: "text/plain", credentials, signal });
  if (status !== 200) return { unknown: `it answers ${status}` };
  if (!whole) return { unknown: "its metrics are longer than 1 MiB: let a Prometheus aggregate them" };
  const samples = parseExposition(text);
  if (!samples) return { unknown: "it answers, but not in Prometheus' text format" };
  const wanted = Object.entries(labels);
  return {
    samples: samples.filter(
      (sample) => sample.name === metric && wanted.every(([label, value]) => sample.labels[label] === value),
    ),
  };
}
