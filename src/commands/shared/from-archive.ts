import { readJournal } from "../../run/journal.js";
import type { RunFolder } from "../../run/run-folder.js";
import type { Answer, Command, Context } from "./command.js";

/** A command that a later one goes by, and whether its work is done already for these archives. */
export interface Earlier {
  command: Command;
  isDone(from: readonly string[], run: RunFolder): Promise<boolean>;
}

/**
 * Does first what comes before a command that is told --from, each under its own gates; what was done for these archives isn't done
 * again. The answer of one that doesn't end well, which is the command's own then.
 */
export async function doEarlier(
  all: readonly Earlier[],
  from: readonly string[],
  args: Record<string, unknown>,
  run: RunFolder,
  context: Context,
): Promise<Answer | undefined> {
  for (const { command, isDone } of all) {
    if (await isDone(from, run)) continue;
    // A gate that is overridden is one of the command that was called.
    const answer = await command.run({ ...args, force: undefined, reason: undefined }, context);
    if (answer.code !== "ok") return answer;
    context.progress.line(`${command.name}: ${answer.text.split("\n")[0]}`);
  }
  return undefined;
}

/** Hash of the run's bundle, where it was made of these archives; `#latest` may be another one by now. */
export async function bundleOfArchives(from: readonly string[], run: RunFolder): Promise<string | undefined> {
  const entries = await readJournal(run.journalPath);
  const last = entries.findLast((entry) => entry.type === "event" && entry.event === "exported");
  const { bundle, from: about } = (last?.type === "event" ? last.data : {}) as {
    bundle?: string;
    from?: { path: string };
  };
  return about?.path === from.join(" + ") ? bundle : undefined;
}
