import { runProgram } from "../host/process-group.js";
import { formatDuration } from "../model/duration.js";
import { oneLine } from "../model/plain-text.js";
import { type Bringing, keyOf, onGreen, Refused, throwIfStopped, type VolumeEdges, type VolumeTerms } from "./edges.js";
import { stepOf } from "./history.js";
import { once, resultOf } from "./step.js";

/** `volumes.checksum`: the team's own program, which sums up what lies in one volume. */
export interface Checksum {
  /** Program and arguments; no shell reads them. */
  run: readonly string[];
  timeoutMs: number;
  dir: string;
  env: NodeJS.ProcessEnv;
}

/** A volume as one of the clusters has it. */
export interface Summed {
  one: Bringing;
  /** `vol-0123` */
  handle: string;
}

type ChecksumEdges = Pick<VolumeEdges, "journal" | "signal" | "onProgress">;
/** Characters of what it prints that are shown. */
const words = 200;
/** How many run at once: each reads a volume whole. */
export const sumsAtOnce = 8;

/**
 * The sum of what lies in a volume, once its workload has stopped on blue, and before it moves. Settled in the journal.
 *
 * @throws Refused where the program says none
 */
export async function sumOnBlue(
  checksum: Checksum,
  { one, handle }: Summed,
  round: number,
  terms: VolumeTerms,
  edges: ChecksumEdges,
): Promise<void> {
  const claim = keyOf(one);
  await once<{ sum: string }>(
    {
      step: stepOf(round, "sum", claim),
      what: `sum up ${handle}, of ${claim}, on blue`,
      target: handle,
      find: async () => undefined,
      make: async () => ({ sum: await sumOf(checksum, "blue", one, handle, terms, edges) }),
    },
    edges.journal,
  );
}

/**
 * Sums up what green's claim is bound to, before any workload of green's may write there, and compares that with blue's.
 *
 * @throws Refused where it is another sum, the program says none, or blue's was never taken
 */
export async function compareOnGreen(
  checksum: Checksum,
  { one, handle }: Summed,
  round: number,
  terms: VolumeTerms,
  edges: ChecksumEdges,
): Promise<void> {
  const { journal } = edges;
  const claim = keyOf(one);
  const blues = resultOf<{ sum: string }>(journal.entries(), stepOf(round, "sum", claim))?.sum;
  if (blues === undefined)
    throw new Refused(
      "volumes.checksum has no sum of blue's: it was set after the volume had moved, so take it out again",
    );
  await once<{ sum: string }>(
    {
      step: stepOf(round, "compare", claim),
      what: `sum up ${handle}, of ${claim}, on green, and compare`,
      target: handle,
      before: blues,
      find: async () => undefined,
      async make() {
        const sum = await sumOf(checksum, "green", one, handle, terms, edges);
        if (sum === blues) return { sum };
        throw new Refused(
          `volumes.checksum says ${shown(sum)} on green and ${shown(blues)} on blue: it isn't what blue had`,
        );
      },
    },
    journal,
  );
}

async function sumOf(
  { run: argv, timeoutMs, dir, env }: Checksum,
  side: "blue" | "green",
  { planned }: Bringing,
  handle: string,
  { run, blue, green }: VolumeTerms,
  { signal, onProgress }: ChecksumEdges,
): Promise<string> {
  const [program = "", ...args] = argv;
  const { name, namespace = "" } = side === "blue" ? planned.claim : onGreen(planned);
  onProgress?.(`volumes.checksum of ${namespace}/${name} on ${side}`);
  const told = {
    CLUSTERSHIFT_SIDE: side,
    CLUSTERSHIFT_NAMESPACE: namespace,
    CLUSTERSHIFT_CLAIM: name,
    CLUSTERSHIFT_VOLUME: handle,
    CLUSTERSHIFT_RUN: run,
    CLUSTERSHIFT_BLUE: blue,
    CLUSTERSHIFT_GREEN: green,
  };
  const { ending, output, printed } = await runProgram(
    { argv: [program, ...args], cwd: dir, env: { ...env, ...told }, timeoutMs },
    signal,
  ).catch((error: unknown) => {
    throwIfStopped(signal);
    throw error;
  });
  const refuse = (why: string) => new Refused(`volumes.checksum on ${side}: ${why}`);
  const said = lastLine(output);
  if (ending.kind === "timed-out") throw refuse(`not done after ${formatDuration(timeoutMs)}`);
  if (ending.kind === "not-started") throw refuse(`it could not be started: ${oneLine(ending.why)}`);
  if (ending.kind === "killed") throw refuse(`ended by ${ending.signal}`);
  if (ending.code !== 0) throw refuse(`exit ${ending.code}${said && `: ${shown(said)}`}`);
  const sum = lastLine(printed);
  if (sum === "") throw refuse("it prints nothing, and its last line is to be the sum");
  return sum;
}

function lastLine(text: string): string {
  return (
    text
      .split(/[\r\n]+/)
      .findLast((line) => line.trim() !== "")
      ?.trim() ?? ""
  );
}

function shown(text: string): string {
  const line = oneLine(text);
  return line.length > words ? `${line.slice(0, words)}…` : line;
}
