import type { KindApi } from "../aws/cloud/kind.js";
import type { Clock } from "../model/clock.js";
import { type CloudResource, cloudKinds, type JudgedResource } from "../model/cloud.js";
import { messageOf, UserError } from "../model/errors.js";
import type { Journal, StepId } from "../model/journal.js";
import { type SweepEdges, surroundingsOf } from "./edges.js";
import { candidateOf, reasonToKeep } from "./judge.js";

export interface RemovalEdges extends SweepEdges {
  journal: Journal;
  clock: Clock;
  onProgress?: (line: string) => void;
}

/** What became of one that was to be removed. */
export interface Removal {
  resource: JudgedResource;
  /** `gone`: somebody else was first. `kept`: something needs it by now. `failed`: AWS refused. */
  outcome: "removed" | "gone" | "kept" | "failed";
  /** Of what stays. */
  why?: string;
}

/** How long interfaces of load balancers that were deleted just now may take to go. */
const patienceMs = 3 * 60_000;
const lookMs = 5_000;

const sweepStep = ({ kind, id }: Pick<JudgedResource, "kind" | "id">): StepId => `sweep/${kind}/${id}`;

/**
 * Deletes what was found and asked for, those first that others need. Right before each deletion the resource and everything that
 * could need it are read again; what is needed by now, or can't be checked, stays, with the reason. Intent before effect: after a
 * crash the same call goes on, and what is gone is settled. One that AWS refuses doesn't stop the others.
 *
 * @throws UserError `interrupted` between two deletions; and what the journal throws
 */
export async function removeOrphans(asked: readonly JudgedResource[], edges: RemovalEdges): Promise<Removal[]> {
  const order = [...asked].sort((a, b) => cloudKinds.indexOf(a.kind) - cloudKinds.indexOf(b.kind));
  await settleGone(edges);
  const groups = order.filter(({ kind }) => kind === "security-group");
  let patience = 0;
  const removals: Removal[] = [];
  for (const resource of order) {
    if (resource === groups[0]) await unlinkGroups(groups, edges);
    throwIfInterrupted(edges.signal);
    const removal = await removeOne(resource, edges, patience);
    if (removal.outcome === "removed" && resource.kind.endsWith("load-balancer"))
      patience = edges.clock.now() + patienceMs;
    removals.push(removal);
    edges.onProgress?.(`${removal.outcome}: ${resource.kind} ${resource.name}${removal.why ? `: ${removal.why}` : ""}`);
  }
  return removals;
}

async function removeOne(resource: JudgedResource, edges: RemovalEdges, until: number): Promise<Removal> {
  const { journal, kinds } = edges;
  const { kind, id, name, because } = resource;
  const step = sweepStep(resource);
  const { live, why } = await lastLook(resource, edges, until);
  if (!live && why === undefined) return { resource, outcome: "gone" };
  if (why !== undefined) {
    await journal.append({ type: "event", phase: "sweep", event: "kept", data: { kind, id, name, why } });
    return { resource, outcome: "kept", why };
  }
  const before = { kind, id, name, because, tags: live?.tags };
  await begin(journal, step, `remove ${kind} ${name}`, id, before);
  const trouble = await attempt(() => kinds[kind].remove(id), kinds[kind], id, edges);
  if (trouble === undefined) {
    await journal.append({ type: "done", step, result: {} });
    return { resource, outcome: "removed" };
  }
  await journal.append({ type: "failed", step, error: trouble });
  return { resource, outcome: "failed", why: trouble };
}

/** Writes the intent, unless an earlier attempt at the same has left it open. */
async function begin(journal: Journal, step: StepId, what: string, target: string, before: object): Promise<void> {
  if (openSteps(journal).has(step)) return;
  await journal.append({ type: "intent", step, phase: "sweep", what, target, before, after: null });
}

interface LastLook {
  /** Undefined where it's gone, or couldn't be read. */
  live?: CloudResource;
  /** Why it stays. */
  why?: string;
}

/** The resource as it is now, and why it stays. Waits a while where only what was deleted just now still needs it. */
async function lastLook({ kind, id }: JudgedResource, edges: RemovalEdges, until: number): Promise<LastLook> {
  const { kinds, clock, signal } = edges;
  for (;;) {
    try {
      const live = await kinds[kind].read(id);
      if (!live) return {};
      const why = await verdictOn(live, edges);
      if (why === undefined) return { live };
      if (live.users.length === 0 || clock.now() >= until) return { live, why };
    } catch (error) {
      throwIfInterrupted(signal);
      return { why: `it can't be checked who needs it: ${messageOf(error)}` };
    }
    await clock.sleep(lookMs, signal);
  }
}

async function verdictOn(live: CloudResource, edges: SweepEdges, going: ReadonlySet<string> = new Set()) {
  if (candidateOf(live, edges.blue).length === 0) return "nothing says any more that it's blue's";
  return reasonToKeep(live, await surroundingsOf([live.kind], edges), going);
}

/** An error says little of what became of a deletion: what's there afterwards says all. Undefined where it's gone. */
async function attempt(
  remove: () => Promise<void>,
  api: Pick<KindApi, "read">,
  id: string,
  { clock, signal }: RemovalEdges,
): Promise<string | undefined> {
  let trouble = "AWS has accepted the deletion, but it's still there";
  try {
    await remove();
  } catch (error) {
    trouble = messageOf(error);
  }
  for (let look = 0; look < 6; look++) {
    const live = await api.read(id).catch((error: unknown) => messageOf(error));
    if (live === undefined) return undefined;
    if (typeof live === "string") return live;
    if (!trouble.startsWith("AWS has accepted")) return trouble;
    await clock.sleep(lookMs, signal);
  }
  return trouble;
}

/** Deletions that a crash left open, of what is gone by now. */
async function settleGone({ journal, kinds }: RemovalEdges): Promise<void> {
  for (const [step, before] of openSteps(journal)) {
    const { kind, id } = before as Pick<JudgedResource, "kind" | "id">;
    if (step === sweepStep({ kind, id }) && (await kinds[kind].read(id)) === undefined)
      await journal.append({ type: "done", step, result: {} });
  }
}

/** What intents of a sweep that neither ended nor failed had before. */
function openSteps(journal: Journal): Map<StepId, unknown> {
  const open = new Map<StepId, unknown>();
  for (const entry of journal.entries()) {
    if (entry.type === "event" || !entry.step.startsWith("sweep/")) continue;
    if (entry.type === "intent") open.set(entry.step, entry.before);
    else open.delete(entry.step);
  }
  return open;
}

/** Takes what orphaned groups say of each other out of their rules, where nothing but each other needs them. */
async function unlinkGroups(groups: readonly JudgedResource[], edges: RemovalEdges): Promise<void> {
  const { journal, kinds, signal } = edges;
  const ids = new Set(groups.map(({ id }) => id));
  for (const { id, name } of groups) {
    throwIfInterrupted(signal);
    const step = `sweep/security-group-rules/${id}`;
    const others = await mutual(id, ids, edges);
    if (others.length > 0) {
      const what = `take ${others.join(", ")} out of the rules of ${name}`;
      await begin(journal, step, what, id, { others });
      try {
        await kinds["security-group"].unlink(id, new Set(others));
      } catch (error) {
        // What stays named stays: its own deletion says so.
        await journal.append({ type: "failed", step, error: messageOf(error) });
        continue;
      }
    }
    if (openSteps(journal).has(step)) await journal.append({ type: "done", step, result: {} });
  }
}

/** Of these groups, those that the rules of one name, where it may go once they're gone; none where it stays, or can't be read. */
async function mutual(id: string, ids: ReadonlySet<string>, edges: RemovalEdges): Promise<string[]> {
  try {
    const live = await edges.kinds["security-group"].read(id);
    const others = live?.leadsTo.filter((each) => ids.has(each)) ?? [];
    if (!live || others.length === 0) return [];
    return (await verdictOn(live, edges, ids)) === undefined ? others : [];
  } catch {
    throwIfInterrupted(edges.signal);
    return [];
  }
}

function throwIfInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw interrupted();
}

function interrupted(): UserError {
  return new UserError({
    code: "interrupted",
    what: "Stopped between two deletions; everything done so far is in the journal.",
    fix: "The same command goes on.",
  });
}
