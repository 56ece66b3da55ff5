import { KubeError } from "../kube/api.js";
import type { KubeDrain } from "../kube/drain.js";
import type { Clock } from "../model/clock.js";
import { aliasOf } from "../model/cloud.js";
import { formatDuration } from "../model/duration.js";
import { messageOf, UserError } from "../model/errors.js";
import type { Journal } from "../model/journal.js";
import { type ApiResource, type KubeObject, refKey, refOf } from "../model/objects.js";
import { isBalanced } from "../model/services.js";
import { namesIn } from "./blue.js";

/** `drain/Service shop/web` */
export const drainPrefix = "drain/";
const pollMs = 5_000;

/** One of blue's objects that stands for load balancers. */
export interface Drainable {
  resource: ApiResource;
  object: KubeObject;
}

export interface DrainEdges {
  blue: Pick<KubeDrain, "get" | "remove">;
  journal: Journal;
  clock: Clock;
  /** Aliases of all load balancers that there are now. */
  balancers(): Promise<ReadonlySet<string>>;
  timeoutMs: number;
  signal?: AbortSignal;
  onProgress?: (line: string) => void;
}

/** What the AWS Load Balancer Controller puts on an Ingress of its own, and takes off when it has deleted what it made. */
const ingressFinalizer = /^(group\.)?ingress\.k8s\.aws\//;

/** Whether a controller of blue made a load balancer for it: Services of that type, and Ingresses of the AWS Load Balancer Controller. */
export function isDrainable(object: KubeObject): boolean {
  if (isBalanced(object)) return true;
  return object.kind === "Ingress" && (object.metadata.finalizers ?? []).some((each) => ingressFinalizer.test(each));
}

/** What an intent to delete one records. */
interface DrainIntent {
  uid: string | undefined;
  /** Under which it was reached. */
  names: string[];
}

/**
 * Deletes these objects of blue, one journalled step each, and waits until blue's controllers have let go of them and their load
 * balancers are gone. After a crash the same call goes on: what is gone is settled, and all that was ever drained is waited for.
 *
 * @throws UserError `drain-stuck` where it takes too long, `effect-failed` where blue refuses, `interrupted`
 */
export async function drainBlue(drainables: readonly Drainable[], edges: DrainEdges): Promise<void> {
  const { journal, signal } = edges;
  for (const { resource, object } of drainables) {
    if (signal?.aborted) throw interrupted();
    await drainOne(resource, object, edges);
  }
  for (const [step] of intentsOf(journal, "open")) await journal.append({ type: "done", step, result: {} });
  await untilGone(drainables, edges);
}

async function drainOne(
  resource: ApiResource,
  object: KubeObject,
  { blue, journal, onProgress }: DrainEdges,
): Promise<void> {
  const key = refKey(refOf(object));
  const step = `${drainPrefix}${key}`;
  const before: DrainIntent = { uid: object.metadata.uid, names: namesIn(object.status) };
  if (!intentsOf(journal, "open").has(step)) {
    await journal.append({
      ...{ type: "intent", step, phase: "teardown", what: `delete blue's ${key}, so that its load balancer goes` },
      ...{ target: key, before, after: null },
    });
  }
  // A finalizer keeps an object that was deleted already until its controller has done its work.
  if (object.metadata.deletionTimestamp === undefined) {
    try {
      await blue.remove(resource, object);
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      await journal.append({ type: "failed", step, error: messageOf(error) });
      throw new UserError({
        code: "effect-failed",
        what: `${key} could not be deleted on blue: ${messageOf(error)}. Blue was not removed.`,
        fix: "Mend the cause, or take blue.teardown.drain out; the same command then goes on.",
        cause: error,
      });
    }
  }
  await journal.append({ type: "done", step, result: {} });
  onProgress?.(`deleted on blue: ${key}`);
}

async function untilGone(drainables: readonly Drainable[], edges: DrainEdges): Promise<void> {
  const { blue, journal, clock, timeoutMs, signal, onProgress } = edges;
  const until = clock.now() + timeoutMs;
  const names = new Set(
    [...intentsOf(journal, "all").values()].flatMap((intent) => intent.names.map((name) => aliasOf(name))),
  );
  for (;;) {
    const objects: string[] = [];
    for (const { resource, object } of drainables) {
      const { name, namespace, uid } = object.metadata;
      if ((await blue.get(resource, name, namespace))?.metadata.uid === uid) objects.push(refKey(refOf(object)));
    }
    const balancers = [...(await edges.balancers())].filter((alias) => names.has(alias));
    const left = [...objects, ...balancers.map((alias) => `the load balancer ${alias}`)];
    if (left.length === 0) return;
    if (clock.now() >= until) {
      throw new UserError({
        code: "drain-stuck",
        what: `After ${formatDuration(timeoutMs)} blue's controllers have not let go of ${left.join(", ")}. Blue was not removed.`,
        fix: "See the events of these objects, and the logs of blue's controllers. The same command goes on; without blue.teardown.drain the load balancers stay behind, and teardown --sweep finds them.",
      });
    }
    onProgress?.(`waiting until blue's controllers let go of ${left.length}: ${left[0]}`);
    await clock.sleep(pollMs, signal).catch((error: unknown) => {
      throw signal?.aborted ? interrupted() : error;
    });
  }
}

/** Intents of a drain, by step: all of them, or those that neither ended nor failed. */
function intentsOf(journal: Journal, which: "all" | "open"): Map<string, DrainIntent> {
  const intents = new Map<string, DrainIntent>();
  for (const entry of journal.entries()) {
    if (entry.type === "event" || !entry.step.startsWith(drainPrefix)) continue;
    if (entry.type === "intent") intents.set(entry.step, entry.before as DrainIntent);
    else if (which === "open") intents.delete(entry.step);
  }
  return intents;
}

function interrupted(): UserError {
  return new UserError({
    code: "interrupted",
    what: "Stopped while blue is drained; everything done so far is in the journal.",
    fix: "The same command goes on.",
  });
}
