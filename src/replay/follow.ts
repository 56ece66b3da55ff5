import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { KubeError, type KubeReader, type KubeWriter } from "../kube/api.js";
import type { Outcome } from "../model/accounting.js";
import { messageOf, UserError } from "../model/errors.js";
import type { Ledger } from "../model/ledger.js";
import { type ApiResource, type KubeObject, type ObjectRef, refKey, refOf } from "../model/objects.js";
import { arrive, autoscaledAmong } from "./arrive.js";
import { withGreenUids } from "./field-managers/give-back.js";
import { forgetful } from "./ledger.js";
import { type ArrivingOwner, mapOwners } from "./owners.js";
import { type Departure, prepare } from "./prepare.js";
import type { ReplayResult } from "./replay.js";
import { perClusterKind } from "./rules/per-cluster-kinds.js";

export interface FollowOptions {
  blue: KubeReader;
  green: KubeWriter;
  /** What the replay wrote. Default: nobody remembers, and what blue changes counts as changed on green. */
  ledger?: Ledger;
  /** Follow ends by it, and by nothing else than an error. */
  signal: AbortSignal;
  /** What is to be written for one object, awaited before it is. */
  onPrepared?: (departures: readonly Departure[]) => Promise<void>;
  /** Each change of blue that was looked at; `writes` says whether green was behind. */
  onChange?: (outcome: Outcome, writes: number) => void;
  /** What went from blue: reported, and left on green. */
  onDeleted?: (object: ObjectRef) => void;
  /** Every kind has been brought up to date, and is being watched. */
  onCaughtUp?: () => void;
  /** Waits before what failed is tried again, milliseconds. Default 2000. */
  retryDelayMs?: number;
}

/**
 * Keeps green in step after a replay: each kind is listed once more, which brings over what changed meanwhile, and watched
 * from there. A place that blue no longer remembers (410) leads to a new list. Deletions are reported, not followed. A
 * field that is taken off a spec on blue stays on green: it can't be told from one that green's version fills in.
 */
export async function follow(replayed: ReplayResult, options: FollowOptions): Promise<void> {
  // One watch that fails ends all of them: half a follower would be believed to be a whole one.
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  // Every watch listens to it: as many as there are kinds is no leak.
  setMaxListeners(0, signal);
  const follower = new Follower(replayed, { ...options, signal });
  const resources = replayed.plan.choices
    .filter(({ path, readAs }) => path !== "none" && perClusterKind(readAs) === undefined)
    .map(({ readAs }) => readAs);
  try {
    await follower.catchUp(resources);
  } catch (error) {
    if (!options.signal.aborted) throw error;
  } finally {
    stop.abort();
  }
}

class Follower {
  private readonly greenUids: Map<string, string>;
  private readonly owners = new Map<string, ArrivingOwner>();
  private readonly autoscalers = new Map<string, KubeObject>();
  private readonly seen = new Map<string, Map<string, ObjectRef>>();
  /** The newest form of what could not be written, by `refKey`. */
  private readonly waiting = new Map<string, KubeObject>();

  constructor(
    private readonly replayed: ReplayResult,
    private readonly options: FollowOptions,
  ) {
    this.greenUids = new Map(replayed.greenUids);
    for (const { uid, object } of replayed.expected) {
      if (uid && !this.owners.has(uid)) this.owners.set(uid, object);
      this.note(object);
    }
  }

  /** Lists every kind in the order of the replay's source, then watches them all beside each other. */
  async catchUp(resources: readonly ApiResource[]): Promise<void> {
    const places = new Map<ApiResource, string>();
    for (const resource of resources) places.set(resource, await this.list(resource));
    await this.retryOnce();
    this.options.onCaughtUp?.();
    const loops = resources.map((resource) => this.watch(resource, places.get(resource) ?? ""));
    await Promise.all([...loops, this.retryForever()]);
  }

  private async list(resource: ApiResource): Promise<string> {
    const { blue, signal } = this.options;
    const listed = new Map<string, ObjectRef>();
    let place = "";
    for await (const { items, resourceVersion } of blue.pages(resource, { signal })) {
      place = resourceVersion;
      for (const item of items) {
        listed.set(refKey(refOf(item)), refOf(item));
        await this.bring(item);
      }
    }
    for (const [key, ref] of this.seen.get(keyOf(resource)) ?? []) {
      if (!listed.has(key)) this.options.onDeleted?.(ref);
    }
    this.seen.set(keyOf(resource), listed);
    return place;
  }

  private async watch(resource: ApiResource, from: string): Promise<void> {
    const { blue, signal } = this.options;
    for (let place = from; !signal.aborted; place = await this.list(resource)) {
      try {
        for await (const event of blue.watch(resource, place, { signal })) {
          if (event.type === "BOOKMARK") continue;
          const ref = refOf(event.object);
          const known = this.seen.get(keyOf(resource));
          if (event.type === "DELETED") {
            known?.delete(refKey(ref));
            this.waiting.delete(refKey(ref));
            this.options.onDeleted?.(ref);
          } else {
            known?.set(refKey(ref), ref);
            await this.bring(event.object);
          }
        }
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof KubeError) || error.status !== 410) throw error;
      }
    }
  }

  /** One object of blue, through the same decisions as the replay's. */
  private async bring(object: KubeObject): Promise<void> {
    const { deciding } = this.replayed.plan;
    deciding.inventory.add(object);
    const prepared = prepare([object], { ...deciding, arrived: (uid) => this.owners.get(uid) });
    for (const outcome of prepared.settled) this.options.onChange?.(outcome, 0);
    const promised = prepared.promised.get(refKey(refOf(object)));
    if (!promised) return;
    await this.options.onPrepared?.(prepared.departures);

    let writes = 0;
    try {
      for (const departure of prepared.departures) {
        const { resource, uid, mergedBy, managers } = departure;
        const wanted = mapOwners(departure.object, this.greenUids);
        if (wanted.missing.length > 0) throw new Error("its owner has not arrived");
        const { name, namespace } = wanted.object.metadata;
        const known = await this.options.green.get(resource, name, namespace);
        this.note(wanted.object);
        const { done, live } = await arrive(wanted.object, known, {
          green: this.options.green,
          resource,
          merge: mergedBy !== undefined,
          overwrite: false,
          owners: withGreenUids(managers, this.greenUids),
          ledger: this.options.ledger ?? forgetful,
          context: autoscaledAmong(this.autoscalers.values()),
          signal: this.options.signal,
        });
        if (done !== "nothing") writes++;
        if (uid && live.metadata.uid) {
          this.greenUids.set(uid, live.metadata.uid);
          this.owners.set(uid, departure.object);
        }
      }
      this.waiting.delete(refKey(promised.object));
      this.options.onChange?.(promised, writes);
    } catch (error) {
      if (error instanceof UserError || this.options.signal.aborted) throw error;
      // Told once: the retries that follow are silent until one succeeds.
      if (!this.waiting.has(refKey(promised.object))) {
        this.options.onChange?.({ ...promised, ending: "failed", by: "write", reason: messageOf(error) }, writes);
      }
      this.waiting.set(refKey(promised.object), object);
    }
  }

  private async retryOnce(): Promise<void> {
    for (const object of [...this.waiting.values()]) await this.bring(object);
  }

  private async retryForever(): Promise<void> {
    const { signal, retryDelayMs = 2000 } = this.options;
    while (!signal.aborted) {
      await sleep(retryDelayMs, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) await this.retryOnce();
    }
  }

  private note(object: KubeObject): void {
    if (object.kind === "HorizontalPodAutoscaler") this.autoscalers.set(refKey(refOf(object)), object);
  }
}

function keyOf({ group, resource }: ApiResource): string {
  return `${resource}.${group}`;
}
