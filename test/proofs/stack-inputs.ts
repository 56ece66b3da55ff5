import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Proof } from "../../scripts/proofs.js";
import { UserError } from "../../src/model/errors.js";
import { ensurePulumi } from "../../src/sandbox/binaries/pulumi.js";
import { openStack } from "../../stacks/engine.js";
import { program, type StackProgram } from "../../stacks/program.js";
import { parseStackSettings } from "../../stacks/settings/stack-settings.js";
import { type Registered, runWithMocks } from "../stacks/mocks.js";
import { type Mistake, mistakes, right } from "./stack-inputs/mistakes.js";

export const proof: Proof = {
  name: "stack-inputs",
  summary: "Wrong stack configurations: each is refused before any resource is made, naming the key.",
  async run(report) {
    const byEngine = await inEngine(mistakes.filter(({ world }) => world === undefined));
    report(`${byEngine.tried} through the engine's preview, ${byEngine.wrong.length} wrong`);
    const byMocks = await inMocks(mistakes);
    const made = await resourcesOfRightOnes();
    report(`${byMocks.tried} under mocks, ${byMocks.wrong.length} wrong`);
    const wrong = [...byEngine.wrong, ...byMocks.wrong];
    const holds =
      byMocks.tried >= 30 && byEngine.tried >= 30 && wrong.length === 0 && made.every((count) => count > 10);
    return {
      holds,
      figures: { refused: { mocks: byMocks.tried, engine: byEngine.tried }, wrong, madeOfRightOnes: made },
    };
  },
};

interface Tried {
  tried: number;
  /** What was not as it must be. */
  wrong: string[];
}

/** Under Pulumi's mocks, which count what would be made. */
export async function inMocks(mistakes: readonly Mistake[]): Promise<Tried> {
  return tryAll(mistakes, async ({ config, world }) => {
    const made: Registered[] = [];
    const thrown = await errorOf(() => runWithMocks(stackProgram(config), { ...world, made }));
    return { thrown, made: countOf(made.map(({ type }) => type)) };
  });
}

/** By the real engine, which shows in its preview what it would make. */
async function inEngine(mistakes: readonly Mistake[]): Promise<Tried> {
  const folder = await mkdtemp(join(tmpdir(), "stack-inputs-"));
  try {
    const pulumiRoot = await ensurePulumi(join(folder, "pulumi"), {});
    let configured: StackProgram = async () => ({});
    // Opened once: what is previewed is whatever is configured by then.
    const stack = await openStack({
      stackName: "wrong",
      projectName: "clustershift",
      program: () => configured(),
      workDir: join(folder, "work"),
      passphrase: "only-for-proofs",
      pulumiHome: join(folder, "home"),
      pulumiRoot,
    });
    return await tryAll(mistakes, async ({ config }) => {
      configured = stackProgram(config);
      const seen: string[] = [];
      const thrown = await errorOf(() => stack.preview(({ type }) => seen.push(type)));
      return { thrown, made: countOf(seen) };
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** How many resources a right configuration of each kind makes under the same count. */
export async function resourcesOfRightOnes(): Promise<number[]> {
  const counts: number[] = [];
  for (const config of right) {
    const { resources } = await runWithMocks(stackProgram(config));
    counts.push(countOf(resources.map(({ type }) => type)));
  }
  return counts;
}

/** Just what `pulumi up` does with a stack's configuration. */
function stackProgram({ foundation, cluster }: Mistake["config"]): StackProgram {
  return async () => program(parseStackSettings({ foundation, cluster }))();
}

/** Pulumi's own are no resources of anybody: the stack itself, providers, references to other stacks. */
function countOf(types: readonly string[]): number {
  return types.filter((type) => !type.startsWith("pulumi:")).length;
}

async function errorOf(run: () => Promise<unknown>): Promise<unknown> {
  try {
    await run();
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}

async function tryAll(
  mistakes: readonly Mistake[],
  attempt: (mistake: Mistake) => Promise<{ thrown: unknown; made: number }>,
): Promise<Tried> {
  const wrong: string[] = [];
  for (const mistake of mistakes) {
    const { thrown, made } = await attempt(mistake);
    const fault = faultOf(mistake, thrown) ?? (made === 0 ? undefined : `${made} resources were made before`);
    if (fault !== undefined) wrong.push(`${mistake.what}: ${fault}`);
  }
  return { tried: mistakes.length, wrong };
}

function faultOf({ key, says }: Mistake, thrown: unknown): string | undefined {
  if (thrown === undefined) return "was not refused";
  if (!(thrown instanceof UserError)) return `failed in other words: ${thrown}`;
  const [line = "", ...more] = thrown.message.split("\n");
  if (more.length > 0) return `has more errors than the one: ${thrown.message}`;
  return line.startsWith(key) && says.test(line) ? undefined : `must name ${key} and say ${says}: ${line}`;
}
