import { ask, credentialsOf } from "../host/ask.js";
import { networkTrouble } from "../host/network.js";
import { queryAddress, readAnswer } from "../host/prometheus.js";
import { parseDuration } from "../model/duration.js";
import { type Checker, inconclusive, type Outcome } from "./context.js";
import { fill } from "./placeholders.js";
import { type Bounds, judge } from "./thresholds.js";

/** A query at this moment, each value of which must keep the bounds. What isn't an answer of Prometheus is inconclusive. */
export const prometheus: Checker<"prometheus"> = async (check, context) => {
  const timeoutMs = parseDuration(check.timeout) ?? 0;
  const { signal, step } = context;
  const url = queryAddress(check.url, fill(check.query, step));
  const credentials = await credentialsOf(check, context);
  try {
    const { status, text, whole } = await ask({
      url,
      timeoutMs,
      accept: "application/json",
      credentials,
      signal,
    });
    if (!whole) return inconclusive("The answer is larger than 1 MiB: let the query aggregate.");
    return judgeAnswer(status, text, check);
  } catch (error) {
    signal?.throwIfAborted();
    return inconclusive(`${new URL(check.url).origin}: ${networkTrouble(error, timeoutMs)}.`);
  }
};

/** An answer to an instant query, judged. A warning says that data is missing, or may be. */
export function judgeAnswer(status: number, text: string, bounds: Bounds): Outcome {
  const answer = readAnswer(status, text);
  return "trouble" in answer ? inconclusive(answer.trouble) : judge(answer.series, bounds, answer.doubt);
}
