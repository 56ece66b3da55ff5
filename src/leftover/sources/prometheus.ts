import { ask, credentialsOf } from "../../host/ask.js";
import { queryAddress, readAnswer } from "../../host/prometheus.js";
import { parseDuration } from "../../model/duration.js";
import type { Source } from "../context.js";
import { addedUp, nameOf } from "../who.js";

/** A query at this moment: each series is somebody who talks to blue. */
export const prometheus: Source<"prometheus"> = async (source, context) => {
  const { who, none } = source;
  const credentials = await credentialsOf(source, context);
  const { signal } = context;
  const timeoutMs = parseDuration(source.timeout) ?? 0;
  const url = queryAddress(source.url, source.query);
  const { status, text, whole } = await ask({
    url,
    timeoutMs,
    accept: "application/json",
    credentials,
    signal,
  });
  if (!whole) return { unknown: "the answer is larger than 1 MiB: let the query aggregate" };
  const answer = readAnswer(status, text);
  if ("trouble" in answer) return { unknown: answer.trouble.replace(/\.$/, "") };
  if (answer.doubt !== undefined) return { unknown: `not everything could be seen: ${answer.doubt}` };
  if (answer.series.length === 0) return none === "quiet" ? { who: [] } : { unknown: "there is no data" };
  return { who: addedUp(answer.series.map(({ labels, value }) => ({ name: nameOf(labels, who), amount: value }))) };
};
