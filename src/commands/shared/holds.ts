import type { KubeWriter } from "../../kube/api.js";
import { messageOf, UserError } from "../../model/errors.js";
import { type HeldObject, type HeldRecord, type HoldEnd, stillHeld, toHoldAgain } from "../../model/held.js";
import type { Journal } from "../../model/journal.js";
import { refKey, refOf } from "../../model/objects.js";
import { type HoldEdges, type HoldOutcome, holdAgain, release } from "../../replay/holds/release.js";
import type { Departure } from "../../replay/prepare.js";
import type { RunFolder } from "../../run/run-folder.js";
import { connectGreen } from "./clusters.js";
import type { Context } from "./command.js";
import type { Project } from "./project.js";

/** held.json as a replay and what follows it write it: always before the objects themselves. */
export class HeldFile {
  readonly #run: RunFolder;
  readonly #green: { clusterId: string };
  readonly #now: () => Date;
  readonly #held: Map<string, HeldObject>;

  private constructor(run: RunFolder, clusterId: string, now: () => Date, known: readonly HeldObject[]) {
    this.#run = run;
    this.#green = { clusterId };
    this.#now = now;
    this.#held = new Map(known.map((held) => [refKey(held.object), held]));
  }

  /** What was held before stays held where a replay doesn't speak of it: following brought it, and the bundle lacks it. */
  static async open(run: RunFolder, clusterId: string, now: () => Date): Promise<HeldFile> {
    const record = await run.read("held.json");
    return new HeldFile(run, clusterId, now, record?.green.clusterId === clusterId ? record.objects : []);
  }

  get objects(): HeldObject[] {
    return [...this.#held.values()];
  }

  async note(departures: readonly Departure[]): Promise<void> {
    const before = JSON.stringify(this.objects);
    for (const { object, held } of departures) {
      const ref = refOf(object);
      if (held) this.#held.set(refKey(ref), { object: ref, apiVersion: object.apiVersion, ...held });
      else this.#held.delete(refKey(ref));
    }
    if (JSON.stringify(this.objects) !== before) await this.write();
  }

  async write(): Promise<void> {
    const at = this.#now().toISOString();
    await this.#run.write("held.json", { format: 1, at, green: this.#green, objects: this.objects });
  }
}

export function holdEdges(green: KubeWriter, journal: Journal, { edges }: Context): HoldEdges {
  return { green, journal, now: () => edges.now().getTime(), signal: edges.signal };
}

/** What would be released now, of what is held until one of these ends. */
export function releasable(
  record: HeldRecord | undefined,
  journal: Journal,
  ends: readonly HoldEnd[],
  clusterId: string,
): HeldObject[] {
  if (record?.green.clusterId !== clusterId) return [];
  return stillHeld(record, journal.entries()).filter(({ until }) => ends.includes(until));
}

/** Releases on green what is held until one of these ends, less what must stay held for now. */
export async function releaseHeld(
  record: HeldRecord | undefined,
  ends: readonly HoldEnd[],
  clusterId: string,
  edges: HoldEdges,
  staysHeld: (held: HeldObject) => boolean = () => false,
): Promise<HoldOutcome[]> {
  const held = releasable(record, edges.journal, ends, clusterId);
  return release(
    held.filter((each) => !staysHeld(each)),
    edges,
  );
}

export interface HeldAgain {
  outcomes: HoldOutcome[];
  /** Why green could not be asked; what was released there acts still. */
  trouble?: string;
}

/** Traffic is at blue again: what was released on green is held again, if green can be reached. */
export async function holdGreenAgain(
  project: Project,
  run: RunFolder,
  journal: Journal,
  context: Context,
): Promise<HeldAgain> {
  try {
    const record = await run.read("green.json");
    if (!record || toHoldAgain(journal.entries(), record.clusterId).length === 0) return { outcomes: [] };
    const green = await connectGreen(project, run, record, context, { attempts: 2 });
    try {
      return { outcomes: await holdAgain(holdEdges(green, journal, context)) };
    } finally {
      await green.close();
    }
  } catch (error) {
    if (error instanceof UserError && error.code === "interrupted") throw error;
    return { outcomes: [], trouble: messageOf(error) };
  }
}

/** What a rollback would hold again, should green be reached. */
export async function holdableAgain(run: RunFolder, journal: Journal): Promise<HeldObject[]> {
  const record = await run.read("green.json").catch(() => undefined);
  return record ? toHoldAgain(journal.entries(), record.clusterId) : [];
}

export function describeHeldAgain({ outcomes, trouble }: HeldAgain): string[] {
  if (trouble === undefined) return describeOutcomes(outcomes, "held again");
  return [
    `Green could not be asked to hold again what the cutover released there, and may act beside blue: ${trouble}`,
    "Once it answers: clustershift rollback",
  ];
}

const words: Record<HoldOutcome["outcome"], (verb: string) => string> = {
  done: (verb) => verb,
  already: (verb) => `${verb} already`,
  left: () => "left as somebody changed it",
  gone: () => "gone from green",
  failed: (verb) => `NOT ${verb}`,
};

/** One line for how many, and one for each that isn't as it should be. */
export function describeOutcomes(outcomes: readonly HoldOutcome[], verb: "released" | "held again"): string[] {
  if (outcomes.length === 0) return [];
  const well = outcomes.filter(({ outcome }) => outcome === "done" || outcome === "already");
  const others = outcomes.filter((each) => !well.includes(each));
  return [
    `${well.length} of ${outcomes.length} object(s) ${verb} on green.`,
    ...others.map(
      ({ object, outcome, detail }) =>
        `  ${words[outcome](verb)}: ${refKey(object)}${detail === undefined ? "" : `: ${detail}`}`,
    ),
  ];
}
