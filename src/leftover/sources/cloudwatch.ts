import type { MetricData } from "../../aws/cloudwatch.js";
import { deadline } from "../../host/network.js";
import { parseDuration } from "../../model/duration.js";
import type { Counted, Source, SourceConfig } from "../context.js";

const minute = 60_000;

/** A metric of blue's load balancer, over whole minutes that have ended. */
export const cloudwatch: Source<"cloudwatch"> = async (source, { clock, signal, openCloudWatch }) => {
  const { namespace, metric: name, dimensions, unit } = source;
  const to = Math.floor(clock.now() / minute) * minute;
  const minutes = Math.ceil((parseDuration(source.over) ?? 0) / minute);
  const statistic = unit === "requests" ? "Sum" : "Maximum";
  const cloudWatch = await openCloudWatch(source.region);
  try {
    const metrics = { traffic: { namespace, name, dimensions, statistic } };
    const question = { metrics, period: 60, from: to - minutes * minute, to };
    return countedOf(
      await cloudWatch.metricData(question, deadline(parseDuration(source.timeout) ?? 0, signal)),
      source,
    );
  } finally {
    cloudWatch.close();
  }
};

/** A load balancer doesn't tell who: its traffic is named after the metric. */
export function countedOf(
  { series, messages }: MetricData,
  { metric, unit, none }: Pick<Extract<SourceConfig, { kind: "cloudwatch" }>, "metric" | "unit" | "none">,
): Counted {
  const partial = series
    .filter(({ status }) => status !== "Complete")
    .map(({ label, status }) => `${label} is ${status}`);
  const [doubt] = [...messages, ...partial];
  if (doubt !== undefined) return { unknown: `not everything could be seen: ${doubt}` };
  const values = series.flatMap(({ points }) => points.map(({ value }) => value));
  if (values.length === 0) return none === "quiet" ? { who: [] } : { unknown: "there is no data" };
  const amount = unit === "requests" ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values);
  return { who: [{ name: metric, amount }] };
}
