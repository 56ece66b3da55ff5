import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { request } from "undici";
import { z } from "zod";
import { agentTo, readBody } from "../host/http.js";
import { deadline, networkTrouble } from "../host/network.js";
import { parseDuration } from "../model/duration.js";
import { type AnalysisConfig, type AnalysisContext, type Checker, inconclusive, type Outcome } from "./context.js";
import { fill } from "./placeholders.js";
import { type Bounds, judge, type Reading } from "./thresholds.js";

type Prometheus = Extract<AnalysisConfig, { kind: "prometheus" }>;

/** Characters of a server's words that are shown. */
const mostWords = 300;

/** A query at this moment, each value of which must keep the bounds. What isn't an answer of Prometheus is inconclusive. */
export const prometheus: Checker<"prometheus"> = async (check, context) => {
  const timeoutMs = parseDuration(check.timeout) ?? 0;
  const token = check.token && (await tokenOf(check.token, context));
  const ca = check.ca === undefined ? undefined : await readFile(resolve(context.dir, check.ca), "utf8");
  const agent = agentTo({ timeoutMs, ...(ca !== undefined && { ca }) });
  try {
    const answer = await request(addressOf(check.url, fill(check.query, context.step)), {
      dispatcher: agent,
      signal: deadline(timeoutMs, context.signal),
      headers: { accept: "application/json", ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    });
    const { bytes, whole } = await readBody(answer.body);
    if (!whole) return inconclusive("The answer is larger than 1 MiB: let the query aggregate.");
    return judgeAnswer(answer.statusCode, bytes.toString("utf8"), check);
  } catch (error) {
    context.signal?.throwIfAborted();
    return inconclusive(`${new URL(check.url).origin}: ${networkTrouble(error, timeoutMs)}.`);
  } finally {
    await agent.destroy();
  }
};

function addressOf(base: string, query: string): URL {
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

/** An answer to an instant query, judged. A warning says that data is missing, or may be. */
export function judgeAnswer(status: number, text: string, bounds: Bounds): Outcome {
  const json = jsonOf(text);
  const refused = failure.safeParse(json);
  if (refused.success) return inconclusive(shortened(`${refused.data.errorType}: ${refused.data.error}`));
  if (status < 200 || status > 299) return inconclusive(`The server answers ${status}.`);
  const answer = success.safeParse(json);
  if (!answer.success) return inconclusive(`The server answers ${status}, but not as Prometheus does.`);
  const { data, warnings = [] } = answer.data;
  const doubt = warnings.length > 0 ? shortened(warnings.join("; ")) : undefined;
  if (data.resultType === "scalar") return judgeReadings([["the value", data.result[1]]], bounds, doubt);
  if (data.resultType !== "vector") {
    return inconclusive(`The query gives a ${data.resultType}; only a vector or a scalar can be judged.`);
  }
  const values: [string, string][] = [];
  for (const { metric, value } of data.result) {
    if (!value) return inconclusive(`${seriesName(metric)} is a histogram: let the query make a number of it.`);
    values.push([seriesName(metric), value[1]]);
  }
  return judgeReadings(values, bounds, doubt);
}

function judgeReadings(values: readonly [string, string][], bounds: Bounds, doubt: string | undefined): Outcome {
  const readings: Reading[] = [];
  for (const [of, text] of values) {
    const value = numberOf(text);
    if (value === undefined) return inconclusive(`${of} is ${shortened(JSON.stringify(text))}, which is no number.`);
    readings.push({ of, value });
  }
  return judge(readings, bounds, doubt);
}

/** Go's words for a number; undefined where it is none. */
function numberOf(text: string): number | undefined {
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

async function tokenOf(token: NonNullable<Prometheus["token"]>, { env, dir }: AnalysisContext): Promise<string> {
  const text = "env" in token ? env[token.env] : await readFile(resolve(dir, token.file), "utf8");
  if (text?.trim()) return text.trim();
  const where = "env" in token ? `the environment variable ${token.env}` : `the file ${token.file}`;
  throw new Error(`${where} holds no token`);
}
