import {
  CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  type GetMetricDataCommandOutput,
  type MetricDataQuery,
} from "@aws-sdk/client-cloudwatch";
import type { Clock } from "../model/clock.js";
import { createCall } from "./call.js";
import { type AwsSettings, clientSettings } from "./settings.js";

export interface Metric {
  namespace: string;
  name: string;
  dimensions: Readonly<Record<string, string>>;
  /** `Sum`, `Average`, `p99`, … */
  statistic: string;
}

export interface MetricQuestion {
  /** By ids that the expression uses. Without an expression each one is answered. */
  metrics: Readonly<Record<string, Metric>>;
  expression?: string | undefined;
  /** Seconds of each data point. */
  period: number;
  /** Milliseconds since 1970; the end is not part of it. */
  from: number;
  to: number;
}

export interface MetricSeries {
  label: string;
  /** `Complete`, or why there may be more data than this: `PartialData`, `InternalError`, `Forbidden`. */
  status: string;
  points: { at: number; value: number }[];
  /** In CloudWatch's words. */
  messages: string[];
}

export interface MetricData {
  series: MetricSeries[];
  /** About all of it, as `Maximum number of allowed metrics exceeded`. */
  messages: string[];
}

/** CloudWatch's metrics. Methods throw UserError `aws-failed`, or the signal's reason. */
export interface CloudWatch {
  metricData(question: MetricQuestion, signal: AbortSignal): Promise<MetricData>;
  close(): void;
}

/** Pages that are read; what is more stays `PartialData`. */
const mostPages = 20;

export function openCloudWatch(
  aws: AwsSettings,
  { clock, random = Math.random }: { clock: Clock; random?: () => number },
): CloudWatch {
  const client = new CloudWatchClient(clientSettings(aws));
  const { call } = createCall({ clock, now: () => performance.now(), random });
  return {
    async metricData(question, signal) {
      return collectPages((NextToken) => {
        const command = new GetMetricDataCommand({ ...inputOf(question), NextToken });
        return call({ action: "GetMetricData", resource: "CloudWatch", signal }, () =>
          client.send(command, { abortSignal: signal }),
        );
      });
    },
    close() {
      client.destroy();
    },
  };
}

function inputOf({ metrics, expression, period, from, to }: MetricQuestion): GetMetricDataCommandInput {
  const queries = Object.entries(metrics).map(
    ([Id, { namespace, name, dimensions, statistic }]): MetricDataQuery => ({
      Id,
      MetricStat: {
        Metric: {
          Namespace: namespace,
          MetricName: name,
          Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        },
        Period: period,
        Stat: statistic,
      },
      ReturnData: expression === undefined,
    }),
  );
  const result: MetricDataQuery[] =
    expression === undefined ? [] : [{ Id: "the_expression", Expression: expression, Period: period }];
  return { MetricDataQueries: [...queries, ...result], StartTime: new Date(from), EndTime: new Date(to) };
}

/** A series may come in parts, one a page; how complete it is, its last part says. */
export async function collectPages(
  page: (
    token: string | undefined,
  ) => Promise<Pick<GetMetricDataCommandOutput, "MetricDataResults" | "Messages" | "NextToken">>,
): Promise<MetricData> {
  const series = new Map<string, MetricSeries>();
  const messages: string[] = [];
  let token: string | undefined;
  for (let count = 0; count < mostPages; count++) {
    const { MetricDataResults = [], Messages = [], NextToken } = await page(token);
    messages.push(...Messages.map(wordsOf));
    for (const {
      Id = "",
      Label = Id,
      StatusCode = "Complete",
      Timestamps = [],
      Values = [],
      Messages,
    } of MetricDataResults) {
      const known = series.get(`${Id} ${Label}`) ?? { label: Label, status: "", points: [], messages: [] };
      series.set(`${Id} ${Label}`, known);
      known.status = StatusCode;
      known.points.push(...Values.map((value, index) => ({ at: Timestamps[index]?.getTime() ?? 0, value })));
      known.messages.push(...(Messages ?? []).map(wordsOf));
    }
    if (NextToken === undefined) return { series: [...series.values()], messages };
    token = NextToken;
  }
  return { series: [...series.values()], messages: [...messages, `more than ${mostPages} pages of data`] };
}

function wordsOf({ Code, Value }: { Code?: string | undefined; Value?: string | undefined }): string {
  return [Code, Value].filter((words) => words !== undefined).join(": ");
}
