import { KubeError, type KubeHandOver, type KubeReader } from "../../kube/api.js";
import { handOver as verbs } from "../../model/edit.js";
import { UserError } from "../../model/errors.js";
import type { Journal } from "../../model/journal.js";
import { refKey, refOf } from "../../model/objects.js";
import type { Plan, PlannedExclusive } from "../../model/plan.js";
import { type EditEdges, type EditOutcome, setFields } from "../../workloads/edits/carry-out.js";
import { blueEditor } from "../../workloads/exclusive/blue-editor.js";
import { chooseExclusive, type Exclusive, exclusiveOf, planned } from "../../workloads/exclusive/choose.js";
import { untilEnded } from "../../workloads/exclusive/until-ended.js";
import { valueAt } from "../../workloads/fields.js";
import { listAutoscalers, listCronJobs, listWorkloads, resource } from "../../workloads/served.js";
import type { Context } from "./command.js";
import { fieldOwners } from "./field-owners.js";
import { milliseconds, type Project } from "./project.js";
import { clockOf } from "./targets.js";

/** A stop that somebody approved, and when it is due. */
export interface PlannedStop extends Exclusive {
  first: boolean;
}

/** What is exclusive, as blue has it now. */
export interface LiveExclusives {
  /** What the plan lists, and blue still has. */
  planned: PlannedStop[];
  /** What the rules select and would have to be stopped, but nobody approved: it isn't in the plan, or not in this way. */
  unplanned: Exclusive[];
}

/** Reads only. The plan decides what may be written; the rules only show what is new since. */
export async function lookAtExclusive(
  { config }: Project,
  plan: Plan | undefined,
  blue: Pick<KubeReader, "pages">,
  signal?: AbortSignal,
): Promise<LiveExclusives> {
  const { rules } = config.workloads.exclusive;
  const agreed = new Map((plan?.exclusive ?? []).map((each) => [refKey(each.object), each]));
  if (rules.length === 0 && agreed.size === 0) return { planned: [], unplanned: [] };
  const [workloads, cronJobs, scalers] = await Promise.all([
    listWorkloads(blue, signal),
    listCronJobs(blue, signal),
    listAutoscalers(blue, signal),
  ]);
  const objects = [...workloads, ...cronJobs];
  // The plan's own, also where a label has changed since and no rule selects it any more.
  const listed = objects.flatMap((object) => {
    const its = agreed.get(refKey(refOf(object)));
    return its ? [exclusiveOf(object, its.rule, scalers)] : [];
  });
  const selected = chooseExclusive(rules, [...objects, ...scalers]).exclusive;
  const isAgreed = (each: Exclusive): boolean => isSame(planned(each), agreed.get(refKey(refOf(each.workload))));
  return {
    planned: listed
      .filter(isAgreed)
      .map((each) => ({ ...each, first: agreed.get(refKey(refOf(each.workload)))?.first === true })),
    unplanned: unique([...listed, ...selected]).filter((each) => !isAgreed(each) && !isAtRest(each)),
  };
}

function isSame({ edited, field }: PlannedExclusive, agreed: PlannedExclusive | undefined): boolean {
  return agreed !== undefined && refKey(agreed.edited) === refKey(edited) && agreed.field === field;
}

function unique(exclusives: readonly Exclusive[]): Exclusive[] {
  return [...new Map(exclusives.map((each) => [refKey(refOf(each.workload)), each])).values()];
}

function isAtRest({ workload, stop }: Exclusive): boolean {
  return refKey(stop.object) === refKey(refOf(workload)) && valueAt(workload, stop.path) === stop.ours;
}

/** Why the hand-over's identity can't do what the plan says, a line each; none where it can. Stores nothing. */
export async function lackedToHandOver(
  { planned: listed, unplanned }: LiveExclusives,
  plan: Plan | undefined,
  client: KubeHandOver,
): Promise<string[]> {
  const stranger = await otherThan(plan?.blue.clusterId, client);
  if (stranger !== undefined) return [stranger];
  const lacks: string[] = [];
  for (const { stop } of listed) {
    const { name, namespace, kind } = stop.object;
    const lack = await client.lacks(resource(stop.apiVersion, kind), name, namespace);
    if (lack !== undefined) lacks.push(`${refKey(stop.object)}: ${lack} for context ${client.name}`);
  }
  return [...lacks, ...unplanned.map(({ workload, stop }) => unplannedWords(workload, stop))];
}

/** Why it isn't sure that this is the cluster of that id; undefined where it is. */
async function otherThan(clusterId: string | undefined, client: KubeHandOver): Promise<string | undefined> {
  try {
    if ((await client.info()).clusterId === clusterId) return undefined;
    return `context ${client.name} leads to another cluster than the plan's blue`;
  } catch (error) {
    if (error instanceof KubeError) return `context ${client.name}: ${error.message}`;
    throw error;
  }
}

/** What a cluster, or the way to it, refuses is told, and no reason to stop; a journal that can't be written is. */
export function isOfCluster(error: unknown): boolean {
  return (
    error instanceof KubeError ||
    (error instanceof UserError && ["cluster-unreachable", "config-invalid"].includes(error.code))
  );
}

export function wrongCluster(what: string): UserError {
  return new UserError({
    code: "config-invalid",
    what,
    fix: "workloads.exclusive.context must lead to blue, by the identity of clustershift permissions blue-hand-over.",
  });
}

export function unplannedWords(workload: Exclusive["workload"], { object }: Exclusive["stop"]): string {
  const key = refKey(refOf(workload));
  const through = refKey(object) === key ? "" : `, or not with ${refKey(object)}, which scales it`;
  return `${key}: it is exclusive and runs on blue, but isn't in the plan${through}`;
}

export async function handOverEdges(
  client: KubeHandOver,
  journal: Journal,
  { edges: { signal } }: Context,
): Promise<EditEdges> {
  const owners = fieldOwners(client, ({ apiVersion, kind }) => resource(apiVersion, kind));
  return { editor: await blueEditor(client, owners), journal, verbs, signal };
}

export interface Stopped {
  outcomes: EditOutcome[];
  /** By `refKey` of workloads, and of what scales them: why green's may not be released. */
  running: Map<string, string>;
}

/** Stops on blue what the plan lists, one journalled step each, and waits until it has ended. */
export async function stopOnBlue(
  live: LiveExclusives,
  edges: EditEdges,
  { project, context, blue }: { project: Project; context: Context; blue: Pick<KubeReader, "pages"> },
): Promise<Stopped> {
  const outcomes = await setFields(
    live.planned.map(({ stop }) => stop),
    edges,
  );
  const running = new Map<string, string>();
  const keep = ({ workload, stop }: Exclusive, why: string): void => {
    for (const object of [refOf(workload), stop.object]) running.set(refKey(object), why);
  };
  const stopped = live.planned.filter((each, index) => {
    const { outcome, detail = "" } = outcomes[index] ?? { outcome: "failed" };
    if (outcome === "left") keep(each, `somebody changed it on blue since it was stopped: ${detail}`);
    if (outcome === "failed") keep(each, `NOT stopped on blue: ${detail}`);
    return outcome !== "left" && outcome !== "failed";
  });
  const ended = await untilEnded(
    stopped.map(({ workload }) => refOf(workload)),
    {
      kube: blue,
      clock: clockOf(context),
      timeoutMs: milliseconds(project.config.workloads.exclusive.timeout),
      signal: context.edges.signal,
      onProgress: (done, total) => context.progress.tick("waiting for blue's", { done, total, unit: "workloads" }),
    },
  );
  for (const each of stopped) {
    const why = ended.get(refKey(refOf(each.workload)));
    if (why !== undefined) keep(each, why);
  }
  for (const each of live.unplanned) keep(each, "it isn't in the plan, so blue's was not stopped");
  return { outcomes, running };
}
