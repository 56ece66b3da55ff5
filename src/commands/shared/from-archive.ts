import { readJournal } from "../../run/journal.js";
import type { RunFolder } from "../../run/run-folder.js";
import type { Answer, Context } from "./command.js";
import { makeBundle } from "./make-bundle.js";
import type { Project } from "./project.js";
import { rehearseBundle } from "./rehearse-bundle.js";

/** What comes before a replay, and whether it is done already for these archives. */
export interface Earlier {
  name: string;
  isDone(from: readonly string[], run: RunFolder): Promise<boolean>;
  work(from: readonly string[], project: Project, run: RunFolder, context: Context): Promise<Answer>;
}

/** What `migrate --from` does first. A gate that is overridden is one of migrate itself: these have their own. */
export const beforeReplay: readonly Earlier[] = [
  {
    name: "export",
    isDone: async (from, run) => (await bundleOfArchives(from, run)) !== undefined,
    work: (from, ...place) => makeBundle({ from }, ...place),
  },
  {
    name: "rehearse",
    async isDone(from, run) {
      const rehearsal = await run.read("rehearsal.json");
      return rehearsal !== undefined && rehearsal.bundle === (await bundleOfArchives(from, run));
    },
    work: (_from, ...place) => rehearseBundle(undefined, ...place),
  },
];

/** Does what isn't done for these archives, in its order. The answer of the first that doesn't end well, which is the command's own then. */
export async function doEarlier(
  all: readonly Earlier[],
  from: readonly string[],
  project: Project,
  run: RunFolder,
  context: Context,
): Promise<Answer | undefined> {
  for (const { name, isDone, work } of all) {
    if (await isDone(from, run)) continue;
    const answer = await work(from, project, run, context);
    if (answer.code !== "ok") return answer;
    context.progress.line(`${name}: ${answer.text.split("\n")[0]}`);
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
