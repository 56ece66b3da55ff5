import { stripVTControlCharacters } from "node:util";
import { type Ended, runProgram } from "../host/process-group.js";
import { formatDuration, parseDuration } from "../model/duration.js";
import { oneLine } from "../model/plain-text.js";
import { type Checker, failed, inconclusive, type Outcome, passed } from "./context.js";

/** Lines of output that are shown, and characters of them. */
const mostLines = 5;
const mostCharacters = 500;

/** The team's own program: 0 passes, 1 fails, and everything else is inconclusive. */
export const command: Checker<"command"> = async ({ run, timeout }, { step, dir, env, signal }) => {
  const timeoutMs = parseDuration(timeout) ?? 0;
  const [program = "", ...args] = run;
  const told = {
    CLUSTERSHIFT_STEP: step.id,
    CLUSTERSHIFT_SHARE: String(step.share),
    CLUSTERSHIFT_RUN: step.run,
    CLUSTERSHIFT_BLUE: step.blue,
    CLUSTERSHIFT_GREEN: step.green,
  };
  const ended = await runProgram({ argv: [program, ...args], cwd: dir, env: { ...env, ...told }, timeoutMs }, signal);
  return judgeEnd(ended, timeoutMs);
};

export function judgeEnd({ ending, output }: Ended, timeoutMs: number): Outcome {
  const said = lastLines(output);
  const words = (what: string) => (said === "" ? `${what}.` : `${what}: ${said}`);
  switch (ending.kind) {
    case "exited":
      if (ending.code === 0) return passed(words("exit 0"));
      return ending.code === 1 ? failed(words("exit 1")) : inconclusive(words(`exit ${ending.code}`));
    case "killed":
      return inconclusive(words(`ended by ${ending.signal}`));
    case "timed-out":
      return inconclusive(words(`not done after ${formatDuration(timeoutMs)}`));
    case "not-started":
      return inconclusive(`It could not be started: ${oneLine(ending.why)}.`);
  }
}

function lastLines(output: string): string {
  const lines = stripVTControlCharacters(output)
    .split(/[\r\n]+/)
    .map((line) => oneLine(line).trim())
    .filter((line) => line !== "");
  const text = lines.slice(-mostLines).join(" / ");
  return text.length > mostCharacters ? `…${text.slice(-mostCharacters)}` : text;
}
