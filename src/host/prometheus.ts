import { z } from "zod";

/** Characters of a server's words that are shown. */
const mostWords = 300;

/** The address of an instant query. */
export function queryAddress(base: string, query: string): URL {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/api/v1/query`;
  url.searchParams.set("query", query);
  return url;
}

const sample = z.tuple([z.number(), z.string()]);

/** https://prometheus.io/docs/prometheus/latest/querying/api/ */
const success = z.object({
  status: z.literal("success"),
  warnings: z.array(z.string()).optional(),
  data: z.discriminatedUnion("resultType", [
    z.object({
      resultType: z.literal("vector"),
      result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: sample.optional() })),
    }),
    z.object({ resultType: z.literal("scalar"), result: sample }),
    z.object({ resultType: z.enum(["matrix", "string"]) }),
  ]),
});
const failure = z.object({ status: z.literal("error"), errorType: z.string(), error: z.string() });

export interface Series {
  /** `up{job="a"}`, or `the value`. */
  of: string;
  labels: Readonly<Record<string, string>>;
  /** NaN is no data. */
  value: number;
}

/** What Prometheus answers to an instant query: `doubt` says that data is missing, or may be; `trouble` that it is no answer. */
export type QueryAnswer = { series: Series[]; doubt?: string } | { trouble: string };

export function readAnswer(status: number, text: string): QueryAnswer {
  const json = jsonOf(text);
  const refused = failure.safeParse(json);
  if (refused.success) return { trouble: shortened(`${refused.data.errorType}: ${refused.data.error}`) };
  if (status < 200 || status > 299) return { trouble: `The server answers ${status}.` };
  const answer = success.safeParse(json);
  if (!answer.success) return { trouble: `The server answers ${status}, but not as Prometheus does.` };
  const { data, warnings = [] } = answer.data;
  const doubt = warnings.length > 0 ? { doubt: shortened(warnings.join("; ")) } : {};
  if (data.resultType !== "vector" && data.resultType !== "scalar") {
    return { trouble: `The query gives a ${data.resultType}; only a vector or a scalar can be judged.` };
  }
  const found =
    data.resultType === "scalar"
      ? [{ of: "the value", metric: {}, value: data.result }]
      : data.result.map((each) => ({ of: seriesName(each.metric), ...each }));
  const series: Series[] = [];
  for (const { of, metric, value: pair } of found) {
    if (!pair) return { trouble: `${of} is a histogram: let the query make a number of it.` };
    const value = numberOf(pair[1]);
    if (value === undefined) return { trouble: `${of} is ${shortened(JSON.stringify(pair[1]))}, which is no number.` };
    series.push({ of, labels: metric, value });
  }
  return { series, ...doubt };
}

/** Go's words for a number; undefined where it is none. */
export function numberOf(text: string): number | undefined {
  const special = { NaN: Number.NaN, "+Inf": Number.POSITIVE_INFINITY, "-Inf": Number.NEGATIVE_INFINITY }[text];
  if (special !== undefined) return special;
  return /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

function seriesName({ __name__: name = "", ...labels }: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  const all = `${name}${pairs.length > 0 ? `{${pairs.join(",")}}` : ""}`;
  return all === "" ? "the value" : shortened(all);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function shortened(words: string): string {
  return words.length > mostWords ? `${words.slice(0, mostWords)}…` : words;
}
