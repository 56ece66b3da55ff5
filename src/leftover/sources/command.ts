import { runProgram } from "../../host/process-group.js";
import { numberOf } from "../../host/prometheus.js";
import { formatDuration, parseDuration } from "../../model/duration.js";
import type { Talker } from "../../model/leftover.js";
import { oneLine } from "../../model/plain-text.js";
import type { Counted, Source } from "../context.js";
import { addedUp } from "../who.js";

/** Bytes of output; what is longer may have lost its beginning. */
const mostOutput = 8 * 1024;

/** The team's own program: it exits 0, and prints one number, or lines of a name and a number. */
export const command: Source<"command"> = async ({ run, timeout }, { dir, env, signal }) => {
  const timeoutMs = parseDuration(timeout) ?? 0;
  const [program = "", ...args] = run;
  const { ending, output } = await runProgram({ argv: [program, ...args], cwd: dir, env, timeoutMs }, signal);
  if (ending.kind === "timed-out") return { unknown: `not done after ${formatDuration(timeoutMs)}` };
  if (ending.kind === "not-started") return { unknown: `it could not be started: ${oneLine(ending.why)}` };
  if (ending.kind === "killed") return { unknown: `ended by ${ending.signal}` };
  if (ending.code !== 0) return { unknown: `exit ${ending.code}` };
  return printed(output);
};

/** `12`, or lines such as `10.0.0.7 12`. Nothing, or anything else, is unknown. */
export function printed(output: string): Counted {
  if (Buffer.byteLength(output) >= mostOutput)
    return { unknown: "it prints more than 8 KiB: let it print the greatest" };
  const lines = output.split(/\r?\n/).filter((line) => line.trim() !== "");
  const who: Talker[] = [];
  for (const line of lines) {
    const [, name = "(all)", number = ""] = /^\s*(?:(\S.*?)\s+)?(\S+)\s*$/.exec(line) ?? [];
    const amount = numberOf(number);
    if (amount === undefined)
      return { unknown: `it prints ${JSON.stringify(oneLine(line).slice(0, 100))}, which ends in no number` };
    who.push({ name: oneLine(name), amount });
  }
  return who.length === 0 ? { unknown: "it prints nothing" } : { who: addedUp(who) };
}
