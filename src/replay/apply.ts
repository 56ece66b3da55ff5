import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import pLimit from "p-limit";
import type { KubeWriter } from "../kube/api.js";
import { KubeError } from "../kube/api.js";
import type { Outcome } from "../model/accounting.js";
import { messageOf, UserError } from "../model/errors.js";
import type { Ledger } from "../model/ledger.js";
import { apiVersionOf, type KubeObject, refKey, refOf } from "../model/objects.js";
import { type Arrived, arrive, autoscaledAmong, DiffersOnGreen } from "./arrive.js";
import { isDefinition } from "./custom-kinds.js";
import { awaitEstablished } from "./established.js";
import { withGreenUids } from "./field-managers/give-back.js";
import { forgetful } from "./ledger.js";
import { order, type WaveName } from "./order.js";
import { mapOwners, withoutOwners } from "./owners.js";
import { addReason, type Departure, ownersRemoved, type Prepared } from "./prepare.js";

export interface ApplyOptions {
  green: KubeWriter;
  /** Requests at once. */
  concurrency: number;
  /** Each source's outcome, once, as soon as it is known. */
  onOutcome?: (outcome: Outcome) => void;
  /** Each wave as it begins, with the number of its objects. */
  onWave?: (wave: WaveName, objects: number) => void;
  /** Write also over what somebody else wrote on green. Default: such objects fail, and say who wrote. */
  overwrite?: boolean;
  /** What earlier replays wrote, and this one will have. Default: nobody remembers, which only a first replay can do with. */
  ledger?: Ledger;
  /** Stops between objects; the same call goes on later. */
  signal?: AbortSignal;
  /** Waits between passes over what failed, milliseconds. Default 1000. */
  passDelayMs?: number;
  /** How long a definition may take until it serves, milliseconds. Default 60000. */
  establishTimeoutMs?: number;
}

export interface Applied {
  outcomes: Outcome[];
  /** Objects that were made or changed on green. */
  writes: number;
  /** Blue's UID -> green's, of everything that arrived. */
  greenUids: Map<string, string>;
}

/** A departure that could not be written yet. */
interface Waiting {
  departure: Departure;
  error: unknown;
}

/** An owner has not arrived yet: without it the garbage collector would delete the object. */
class OwnerMissing extends Error {
  constructor(readonly uids: readonly string[]) {
    super("its owner has not arrived");
    this.name = "OwnerMissing";
  }
}

/**
 * Writes what was prepared, wave by wave. What a server refuses is tried again after the others, in passes until none of
 * them helps, and before what could block others arrives. Called again, also after kill -9, it writes only what is
 * missing: what stands on green says so, and the ledger which of it we wrote.
 */
export async function apply(prepared: Prepared, options: ApplyOptions): Promise<Applied> {
  if (!options.signal) return new Replayer(prepared, options).run();
  const signal = AbortSignal.any([options.signal]);
  // Every request listens to it: as many as are in flight is no leak.
  setMaxListeners(0, signal);
  return new Replayer(prepared, { ...options, signal }).run();
}

class Replayer {
  private readonly outcomes: Outcome[] = [];
  private readonly greenUids = new Map<string, string>();
  private readonly seen = new Map<string, Promise<Map<string, KubeObject>>>();
  /** Departures of each source that have not arrived. */
  private readonly open = new Map<string, number>();
  private readonly limit;
  private readonly context;
  private waiting: Waiting[] = [];
  private writes = 0;

  constructor(
    private readonly prepared: Prepared,
    private readonly options: ApplyOptions,
  ) {
    this.limit = pLimit(options.concurrency);
    this.context = autoscaledAmong(prepared.departures.map(({ object }) => object));
    for (const { source } of prepared.departures) {
      this.open.set(refKey(source), (this.open.get(refKey(source)) ?? 0) + 1);
    }
  }

  async run(): Promise<Applied> {
    for (const outcome of this.prepared.settled) this.settle(outcome);
    let blocking = false;
    for (const { name, objects } of order(this.prepared.departures)) {
      if (name === "blockers" && !blocking) {
        await this.tryAgain();
        blocking = true;
      }
      this.options.onWave?.(name, objects.length);
      this.waiting = this.waiting.concat(await this.write(objects));
      await this.establish(objects);
    }
    await this.tryAgain();
    for (const { departure, error } of this.waiting) this.fail(departure, error);
    return { outcomes: this.outcomes, writes: this.writes, greenUids: this.greenUids };
  }

  /** Passes over what waits, as long as each brings something further; then without the owners that never came. */
  private async tryAgain(): Promise<void> {
    for (let progress = true; progress && this.waiting.length > 0; ) {
      if (this.waiting.every(({ error }) => isFinal(error))) break;
      await sleep(this.options.passDelayMs ?? 1000, undefined, this.stopping());
      const before = this.waiting.length;
      const again = this.waiting.map(({ departure }) => departure);
      this.waiting = await this.write(again);
      await this.establish(again);
      progress = this.waiting.length < before;
    }
    const orphans = this.waiting.filter(({ error }) => error instanceof OwnerMissing);
    if (orphans.length === 0) return;
    this.waiting = this.waiting.filter(({ error }) => !(error instanceof OwnerMissing));
    this.waiting = this.waiting.concat(await this.write(orphans.map((orphan) => this.letGo(orphan))));
  }

  private letGo({ departure, error }: Waiting): Departure {
    const uids = error instanceof OwnerMissing ? error.uids : [];
    const owners = (departure.object.metadata.ownerReferences ?? []).filter(({ uid }) => uids.includes(uid));
    const outcome = this.prepared.promised.get(refKey(departure.source));
    if (outcome) addReason(outcome, ownersRemoved(owners.map(({ kind, name }) => `${kind} ${name}`)));
    return { ...departure, object: withoutOwners(departure.object, uids) };
  }

  private async write(departures: readonly Departure[]): Promise<Waiting[]> {
    const results = await Promise.all(
      departures.map((departure) =>
        this.limit(async (): Promise<Waiting | undefined> => {
          this.options.signal?.throwIfAborted();
          try {
            this.arrived(departure, await this.writeOne(departure));
            return undefined;
          } catch (error) {
            // Green is gone, or we were told to stop: that is not this object's fault.
            if (error instanceof UserError || this.options.signal?.aborted) throw error;
            if (error instanceof DiffersOnGreen) this.hasUid(departure, error.uid);
            return { departure, error };
          }
        }),
      ),
    );
    return results.filter((waiting) => waiting !== undefined);
  }

  private async writeOne(departure: Departure): Promise<Arrived> {
    const { object, missing } = mapOwners(departure.object, this.greenUids);
    if (missing.length > 0) throw new OwnerMissing(missing);
    const { green, overwrite = false, ledger = forgetful, signal } = this.options;
    const known = (await this.onGreen(departure)).get(refKey(refOf(object)));
    return arrive(object, known, {
      green,
      resource: departure.resource,
      merge: departure.mergedBy !== undefined,
      overwrite,
      owners: withGreenUids(departure.managers, this.greenUids),
      ledger,
      context: this.context,
      ...(signal ? { signal } : {}),
    });
  }

  /** What green has of a resource, listed once: a few pages instead of a request for each object that is there already. */
  private onGreen({ resource }: Departure): Promise<Map<string, KubeObject>> {
    const key = `${resource.resource} ${apiVersionOf(resource.group, resource.version)}`;
    const known = this.seen.get(key);
    if (known) return known;
    const listed = this.list(resource);
    this.seen.set(key, listed);
    // A definition that doesn't serve yet has nothing; look again in the next pass.
    listed.catch(() => this.seen.delete(key));
    return listed;
  }

  private async list(resource: Departure["resource"]): Promise<Map<string, KubeObject>> {
    const objects = new Map<string, KubeObject>();
    const { green, signal } = this.options;
    for await (const { items } of green.pages(resource, signal ? { signal } : {})) {
      for (const item of items) objects.set(refKey(refOf(item)), item);
    }
    return objects;
  }

  private arrived(departure: Departure, { done, live }: Arrived): void {
    if (done !== "nothing") this.writes++;
    this.hasUid(departure, live.metadata.uid);
    const key = refKey(departure.source);
    const left = (this.open.get(key) ?? 0) - 1;
    this.open.set(key, left);
    const outcome = this.prepared.promised.get(key);
    if (left === 0 && outcome) this.settle(outcome);
  }

  private hasUid({ uid: blue }: Departure, green: string | undefined): void {
    if (blue && green && !this.greenUids.has(blue)) this.greenUids.set(blue, green);
  }

  private fail({ source, resource, object }: Departure, error: unknown): void {
    const key = refKey(source);
    // One word for each source, also where several of its objects failed.
    if (!this.prepared.promised.has(key) || this.open.get(key) === 0) return;
    this.open.set(key, 0);
    const { from, to } = this.prepared.promised.get(key) ?? {};
    this.settle({
      object: source,
      ending: "failed",
      by: error instanceof DiffersOnGreen ? "differs-on-green" : "write",
      reason: `${apiVersionOf(resource.group, resource.version)} ${refKey(refOf(object))}: ${wordsOf(error)}`,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    });
  }

  private settle(outcome: Outcome): void {
    this.outcomes.push(outcome);
    this.options.onOutcome?.(outcome);
  }

  private async establish(departures: readonly Departure[]): Promise<void> {
    const failed = new Set(this.waiting.map(({ departure }) => departure.object.metadata.name));
    const definitions = departures.filter(({ object }) => isDefinition(object) && !failed.has(object.metadata.name));
    const { green, signal, establishTimeoutMs: timeoutMs = 60_000 } = this.options;
    await Promise.all(
      definitions.map(({ object, resource }) =>
        this.limit(() =>
          awaitEstablished(green, resource, object.metadata.name, { timeoutMs, ...(signal ? { signal } : {}) }),
        ),
      ),
    );
  }

  private stopping(): { signal?: AbortSignal } {
    return this.options.signal ? { signal: this.options.signal } : {};
  }
}

/** Nothing that arrives later can make these right. */
function isFinal(error: unknown): boolean {
  return error instanceof DiffersOnGreen || (error instanceof KubeError && [400, 405, 413, 415].includes(error.status));
}

function wordsOf(error: unknown): string {
  return error instanceof KubeError ? `${error.status} ${error.message}` : messageOf(error);
}
