import type { KubeWriter } from "../../kube/api.js";
import { editHistory, floors, type Standing } from "../../model/edit.js";
import { messageOf, UserError } from "../../model/errors.js";
import { stillHeld } from "../../model/held.js";
import type { Journal } from "../../model/journal.js";
import { refKey } from "../../model/objects.js";
import type { RunFolder } from "../../run/run-folder.js";
import { type EditEdges, type EditOutcome, putBack, standingEdits } from "../../workloads/edits/carry-out.js";
import { greenEditor } from "../../workloads/edits/green-editor.js";
import { connectGreen } from "./clusters.js";
import type { Context } from "./command.js";
import { fieldOwners } from "./field-owners.js";
import type { Project } from "./project.js";

/** Edits of green's floors, after which each field is whose it was before. */
export async function floorEdges(green: KubeWriter, journal: Journal, { edges }: Context): Promise<EditEdges> {
  const editor = await greenEditor(green, (resourceOf) =>
    fieldOwners(green, ({ apiVersion, kind, metadata: { name } }) =>
      resourceOf({ apiVersion, object: { group: "", kind, name } }),
    ),
  );
  return { editor, journal, verbs: floors, signal: edges.signal };
}

/** What is kept from acting on green, as `refKey` names it: nobody wants it warm. */
export async function heldKeys(run: RunFolder, journal: Journal): Promise<Set<string>> {
  const record = await run.read("held.json");
  return new Set(stillHeld(record, journal.entries()).map(({ object }) => refKey(object)));
}

export interface Lowered {
  outcomes: EditOutcome[];
  /** Why green could not be asked: its floors are as high as they were made. */
  trouble?: string;
}

/** Floors that stand on this run's green, by the journal alone. */
export async function raisedFloors(run: RunFolder, journal: Journal): Promise<Standing[]> {
  const record = await run.read("green.json").catch(() => undefined);
  return record ? [...editHistory(journal.entries(), floors, record.clusterId).standing.values()] : [];
}

/** Puts green's floors back as they were; a green that can't be reached is told, and no error. */
export async function lowerFloors(
  project: Project,
  run: RunFolder,
  journal: Journal,
  context: Context,
): Promise<Lowered> {
  try {
    const record = await run.read("green.json");
    if (!record || (await raisedFloors(run, journal)).length === 0) return { outcomes: [] };
    const green = await connectGreen(project, run, record, context, { attempts: 2 });
    try {
      const edges = await floorEdges(green, journal, context);
      return { outcomes: await putBack(standingEdits(edges), edges) };
    } finally {
      await green.close();
    }
  } catch (error) {
    if (error instanceof UserError && error.code === "interrupted") throw error;
    return { outcomes: [], trouble: messageOf(error) };
  }
}

const words: Record<EditOutcome["outcome"], string> = {
  done: "as before",
  already: "as before already",
  left: "left as somebody changed it",
  gone: "gone from green",
  failed: "NOT put back",
};

export function describeLowered({ outcomes, trouble }: Lowered): string[] {
  if (trouble !== undefined)
    return [`Green could not be asked to lower the floors of its replicas, which stay: ${trouble}`];
  if (outcomes.length === 0) return [];
  const well = outcomes.filter(({ outcome }) => outcome === "done" || outcome === "already");
  return [
    `${well.length} of ${outcomes.length} floor(s) of green's replicas are as before.`,
    ...outcomes
      .filter((each) => !well.includes(each))
      .map(
        ({ object, outcome, detail }) =>
          `  ${words[outcome]}: ${refKey(object)}${detail === undefined ? "" : `: ${detail}`}`,
      ),
  ];
}
