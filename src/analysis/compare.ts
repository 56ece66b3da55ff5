import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { resolve } from "node:path";
import pLimit from "p-limit";
import { request } from "undici";
import { agentTo, readBody } from "../host/http.js";
import { deadline, networkTrouble } from "../host/network.js";
import { parseDuration } from "../model/duration.js";
import { normalise } from "./body.js";
import { type AnalysisConfig, type Checker, failed, inconclusive, type Outcome, passed } from "./context.js";
import { type Answer, firstDifference } from "./difference.js";

type Compare = Extract<AnalysisConfig, { kind: "compare" }>;
type Request = Compare["requests"][number];

/** One request, asked of both at the same time. What blue itself doesn't answer well says nothing about green. */
export type Sample = { what: string } & ({ same: true } | { differs: string } | { unclear: string });

/** Requests that are under way at the same time; the samples of one come after each other. */
export const concurrency = 8;

/** The same requests to blue and to green, under production's names: both must answer alike. */
export const compare: Checker<"compare"> = async (check, context) => {
  const timeoutMs = parseDuration(check.timeout) ?? 0;
  const ca = check.ca === undefined ? undefined : await readFile(resolve(context.dir, check.ca), "utf8");
  const green = placeOf(check.green, context.addresses);
  const ask = (each: Request, address: string) =>
    answerOf(check, each, { address, timeoutMs, ...(ca !== undefined && { ca }) }, context.signal);
  const limit = pLimit(concurrency);
  const samples = await Promise.all(
    check.requests.map((each) =>
      limit(async () => {
        const made: Sample[] = [];
        for (let index = 0; index < check.samples; index++) {
          const [at, and] = await Promise.all([ask(each, check.blue), ask(each, green)]);
          made.push({ what: `${each.method} ${each.url}`, ...sampleOf(at, and, check.headers) });
        }
        return made;
      }),
    ),
  );
  return judgeSamples(samples.flat(), check.tolerated);
};

/**
 * Fails where more differ than may, passes where at most so many could, and is inconclusive where it depends on samples that say
 * nothing.
 *
 * @param tolerated percent of the samples
 */
export function judgeSamples(samples: readonly Sample[], tolerated: number): Outcome {
  const differing = samples.flatMap((sample) => ("differs" in sample ? [`${sample.what}: ${sample.differs}`] : []));
  const unclear = samples.flatMap((sample) => ("unclear" in sample ? [`${sample.what}: ${sample.unclear}`] : []));
  const tooMany = (count: number) => count * 100 > samples.length * tolerated;
  const counts = `${differing.length} of ${samples.length} samples differ (${tolerated} % may)`;
  const first = differing[0] === undefined ? "" : `; the first: ${differing[0]}`;
  if (tooMany(differing.length)) return failed(`${counts}${first}.`);
  if (samples.length === 0) return inconclusive("Nothing was compared.");
  if (tooMany(differing.length + unclear.length)) {
    return inconclusive(`${unclear.length} of ${samples.length} samples say nothing; the first: ${unclear[0]}.`);
  }
  return passed(`${counts}${first}.`);
}

type Asked = Answer | { trouble: string } | { tooBig: true };

/** Without what was asked: the verdict on one pair of answers. */
export function sampleOf(
  blue: Asked,
  green: Asked,
  headers: readonly string[],
): { same: true } | { differs: string } | { unclear: string } {
  if ("trouble" in blue) return { unclear: `blue: ${blue.trouble}` };
  if ("status" in blue && blue.status >= 500) return { unclear: `blue itself answers ${blue.status}` };
  if ("trouble" in green) return { differs: `green: ${green.trouble}, and blue answers` };
  if ("tooBig" in blue || "tooBig" in green) return { unclear: "a body is larger than 1 MiB" };
  const differs = firstDifference(blue, green, headers);
  return differs === undefined ? { same: true } : { differs };
}

async function answerOf(
  check: Compare,
  { url, method, headers }: Request,
  place: { address: string; timeoutMs: number; ca?: string },
  signal: AbortSignal | undefined,
): Promise<Asked> {
  const agent = agentTo(place);
  try {
    const limit = deadline(place.timeoutMs, signal);
    const answer = await request(url, { method, headers, dispatcher: agent, signal: limit });
    const { bytes, whole } = await readBody(answer.body);
    if (check.body && !whole) return { tooBig: true };
    return {
      status: answer.statusCode,
      headers: Object.fromEntries(
        Object.entries(answer.headers).map(([name, value]) => [name, [value ?? []].flat().join(", ")]),
      ),
      body: normalise(check.body ? bytes : Buffer.alloc(0), check),
    };
  } catch (error) {
    signal?.throwIfAborted();
    return { trouble: networkTrouble(error, place.timeoutMs) };
  } finally {
    await agent.destroy();
  }
}

/** One of green's outputs by name, else an IP address or a host name, which has a dot. */
function placeOf(nameOrHost: string, addresses: Readonly<Record<string, string>>): string {
  const named = Object.hasOwn(addresses, nameOrHost) ? addresses[nameOrHost] : undefined;
  if (named !== undefined) return named;
  if (isIP(nameOrHost) || nameOrHost.includes(".")) return nameOrHost;
  const known = Object.keys(addresses).join(", ") || "none";
  throw new Error(`green has no address named ${JSON.stringify(nameOrHost)}; it has: ${known}`);
}
