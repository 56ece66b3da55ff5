import type { MetricData, MetricSeries } from "../aws/cloudwatch.js";
import { deadline, networkTrouble } from "../host/network.js";
import { parseDuration } from "../model/duration.js";
import { type Checker, inconclusive, type Outcome } from "./context.js";
import { fill } from "./placeholders.js";
import { type Bounds, judge, type Reading } from "./thresholds.js";

/** Metrics, or an expression over them: every data point of the last minutes must keep the bounds. */
export const cloudwatch: Checker<"cloudwatch"> = async (check, context) => {
  const [periodMs = 0, overMs = 0, timeoutMs = 0] = [check.period, check.over, check.timeout].map(parseDuration);
  const { step, clock, signal } = context;
  // The period that is under way isn't counted yet.
  const to = Math.floor(clock.now() / periodMs) * periodMs;
  const metrics = Object.entries(check.metrics).map(([id, { dimensions, ...metric }]) => {
    const filled = Object.entries(dimensions).map(([name, value]) => [name, fill(value, step)]);
    return [id, { ...metric, dimensions: Object.fromEntries(filled) as Record<string, string> }] as const;
  });
  const cloudWatch = await context.openCloudWatch(check.region);
  try {
    const question = {
      metrics: Object.fromEntries(metrics),
      expression: check.expression && fill(check.expression, step),
      period: Math.max(1, Math.round(periodMs / 1000)),
      from: to - Math.max(overMs, periodMs),
      to,
    };
    return judgeData(await cloudWatch.metricData(question, deadline(timeoutMs, signal)), check);
  } catch (error) {
    signal?.throwIfAborted();
    return inconclusive(`CloudWatch: ${networkTrouble(error, timeoutMs)}.`);
  } finally {
    cloudWatch.close();
  }
};

/** A series without data is one that is missing; one that isn't complete can fail, and can't pass. */
export function judgeData({ series, messages }: MetricData, bounds: Bounds): Outcome {
  const doubts = [...messages, ...series.flatMap(doubtsOf)];
  return judge(series.flatMap(readingsOf), bounds, doubts.length > 0 ? doubts.slice(0, 3).join("; ") : undefined);
}

function doubtsOf({ label, status, messages }: MetricSeries): string[] {
  return status === "Complete" ? [] : [[`${label} is ${status}`, ...messages].join(", ")];
}

function readingsOf({ label, points }: MetricSeries): Reading[] {
  if (points.length === 0) return [{ of: label, value: Number.NaN }];
  return points.map(({ at, value }) => ({ of: `${label} at ${new Date(at).toISOString()}`, value }));
}
