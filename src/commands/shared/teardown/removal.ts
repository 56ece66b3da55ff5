import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { aliasOf } from "../../../model/cloud.js";
import { messageOf, UserError } from "../../../model/errors.js";
import { mentionsOf } from "../../../sweep/mentions.js";
import type { Protections } from "../../../sweep/protections.js";
import type { RemovalCommand } from "../../../sweep/removal-commands.js";
import type { Context } from "../command.js";
import { openBlueStack } from "../green-stack.js";
import type { Project } from "../project.js";

/** How blue is removed, in people's words; undefined where nothing says it. */
export function removalOf({ config: { blue } }: Project): string | undefined {
  if (blue.stack) return `destroy its Pulumi stack ${blue.stack.name}`;
  return blue.teardown?.command && `run ${blue.teardown.command.join(" ")}`;
}

/** @throws UserError `config-invalid`, with the command that is likely meant */
export function requireRemoval(project: Project, likely: readonly RemovalCommand[]): string {
  const how = removalOf(project);
  if (how !== undefined) return how;
  const [first] = likely;
  throw new UserError({
    code: "config-invalid",
    what: `${project.file}: nothing says how ${project.config.blue.name} is removed.`,
    fix: first
      ? `Its nodes were made by ${first.by}. Set blue.teardown.command: ${JSON.stringify(first.command)} (${first.note})`
      : "Set blue.stack.name for a blue that a stack made, or blue.teardown.command (e.g. kops delete cluster …).",
  });
}

export function describeCommands(likely: readonly RemovalCommand[]): string[] {
  return likely.map(({ by, command, note }) => `  By ${by}: ${command.join(" ")} (${note})`);
}

export async function confirm(name: string, question: string, given: unknown, { edges }: Context): Promise<void> {
  const answer = given ?? (await edges.ask?.(`${question} Type its name to go on: `));
  if (answer === name) return;
  throw new UserError({
    code: "not-confirmed",
    what: answer === undefined ? "Nobody confirmed." : `"${String(answer)}" is not blue's name.`,
    fix: `clustershift teardown --confirm ${name}`,
  });
}

/** @param protections what green uses; asked only where blue's stack has resources of AWS */
export async function removeBlue(
  project: Project,
  context: Context,
  protections: () => Promise<Protections>,
): Promise<void> {
  const { stack, teardown } = project.config.blue;
  if (stack) {
    const opened = await openBlueStack(project, context, stack.name);
    await requireUnused(stack.name, await opened.ids(), protections);
    await opened.destroy(
      ({ name, op, done }) => context.progress.line(`teardown: ${done ? "done" : "..."} ${op} ${name}`),
      context.edges.signal,
    );
    // A stack of a cluster that is gone is nobody's any more; what it had is in this run's bundle and journal.
    await opened.forget();
    return;
  }
  const [program, ...rest] = teardown?.command ?? [];
  if (!program) return;
  try {
    await promisify(execFile)(program, rest, { cwd: project.dir, env: context.edges.env, maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    throw new UserError({
      code: "effect-failed",
      what: `blue.teardown.command failed: ${messageOf(error)}`,
      fix: "Mend the cause; the same command runs it again. Traffic stays at green.",
      cause: error,
    });
  }
}

/** A stack is destroyed whole: nothing in it may be green's by now. */
export async function requireUnused(
  stack: string,
  ids: readonly string[],
  protections: () => Promise<Protections>,
): Promise<void> {
  if (mentionsOf(ids).length === 0) return;
  const { needed } = await protections();
  const used = ids.filter((id) => needed.has(aliasOf(id)));
  if (used.length === 0) return;
  throw new UserError({
    code: "green-needs-it",
    what: [`Stack ${stack} has what must stay; blue was not removed.`]
      .concat(used.map((id) => `  ${id}: ${needed.get(aliasOf(id))}`))
      .join("\n"),
    fix: "Give green its own, or take it out of blue's stack (pulumi state delete URN leaves the resource alone); the same command then goes on.",
  });
}
