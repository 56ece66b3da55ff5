import { KubeError, type KubeWriter } from "../../kube/api.js";
import { UserError } from "../../model/errors.js";
import {
  type HeldObject,
  type HoldDirection,
  type HoldMove,
  type HoldState,
  holdMoves,
  holdStep,
  toHoldAgain,
} from "../../model/held.js";
import type { Journal } from "../../model/journal.js";
import { isObject, sameJson } from "../../model/json.js";
import {
  type ApiResource,
  apiVersionOf,
  type JsonObject,
  type KubeObject,
  kindKey,
  refKey,
} from "../../model/objects.js";
import type { ManagerEntry } from "../field-managers/entries.js";
import { giveBack } from "../field-managers/give-back.js";
import { ownersAt } from "../field-managers/owners-at.js";
import { fieldManager } from "../managed-fields.js";

export interface HoldEdges {
  green: KubeWriter;
  journal: Journal;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Stops between two objects; the same command goes on. */
  signal?: AbortSignal;
}

/**
 * - done: released, or held again; - already: somebody did it before; - left: green has neither value, so somebody else
 * changed it; - gone: green doesn't have the object any more; - failed: in the server's words.
 */
export interface HoldOutcome {
  object: HeldObject["object"];
  hold: string;
  outcome: "done" | "already" | "left" | "gone" | "failed";
  /** What green has instead, or why it failed. */
  detail?: string;
}

/**
 * Lets held objects act, one journalled step each. A field that is no longer what the hold made it was changed by somebody
 * else, and is left. Called again, also after kill -9, it goes on with what is not done.
 *
 * @throws UserError `cluster-unreachable`, `interrupted`
 */
export async function release(held: readonly HeldObject[], edges: HoldEdges): Promise<HoldOutcome[]> {
  return moveAll("release", held, edges);
}

/**
 * Keeps from acting again what was released, by the journal alone: the way back of a release. What green has in the field
 * meanwhile doesn't matter: nothing of green may act when blue serves.
 */
export async function holdAgain(edges: HoldEdges): Promise<HoldOutcome[]> {
  const { clusterId } = await edges.green.info();
  return moveAll("hold", toHoldAgain(edges.journal.entries(), clusterId), edges, clusterId);
}

async function moveAll(
  direction: HoldDirection,
  held: readonly HeldObject[],
  edges: HoldEdges,
  known?: string,
): Promise<HoldOutcome[]> {
  if (held.length === 0) return [];
  const clusterId = known ?? (await edges.green.info()).clusterId;
  const { resources } = await edges.green.discover();
  const moves = holdMoves(edges.journal.entries(), clusterId);
  const outcomes: HoldOutcome[] = [];
  for (const each of held) {
    if (edges.signal?.aborted) throw interrupted();
    const { object, hold, apiVersion } = each;
    const resource = resources.find(
      (found) => found.kind === object.kind && apiVersionOf(found.group, found.version) === apiVersion,
    );
    const before = moves.get(refKey(object));
    const ended = resource
      ? await new Mover({ direction, held: each, clusterId, resource, edges, ...(before && { before }) }).move()
      : { outcome: "failed" as const, detail: `green doesn't serve ${object.kind} in ${apiVersion}` };
    outcomes.push({ object, hold, ...ended });
  }
  return outcomes;
}

type Ended = Omit<HoldOutcome, "object" | "hold">;

interface Moving {
  direction: HoldDirection;
  held: HeldObject;
  clusterId: string;
  resource: ApiResource;
  edges: HoldEdges;
  /** The last that the journal said of the object. */
  before?: HoldMove;
}

const mostLooks = 3;

/** One object, one step. */
class Mover {
  readonly #moving: Moving;
  readonly #step: string;
  #intended: boolean;
  #owners: readonly ManagerEntry[];

  constructor(moving: Moving) {
    const { before, direction, held } = moving;
    this.#moving = moving;
    const again = direction === "release" && before?.direction === "hold" && before.done;
    this.#step = holdStep(direction, (before?.round ?? 1) + (again ? 1 : 0), held.object);
    this.#intended = before?.direction === direction && !before.done;
    this.#owners = this.#intended ? ((before?.owners ?? []) as readonly ManagerEntry[]) : [];
  }

  /** Looks at green first, whatever the journal says: it may be done, and it may be somebody else's by now. */
  async move(): Promise<Ended> {
    for (let look = 1; ; look++) {
      try {
        const live = await this.#look();
        if (!live) return await this.#settle({ outcome: "gone" });
        const now = valueAt(live, this.#moving.held.pointer);
        if (this.#isThere(now)) {
          if (!this.#intended) {
            await this.#intend(live, now);
            return await this.#settle({ outcome: "already" });
          }
          await this.#giveBack(live);
          return await this.#settle({ outcome: "done" });
        }
        if (this.#moving.direction === "release" && !sameJson(now, this.#moving.held.held))
          return await this.#leave(now);
        await this.#intend(live, now);
        await this.#giveBack(await this.#patch(now));
        const after = await this.#look();
        if (after && this.#isThere(valueAt(after, this.#moving.held.pointer)))
          return await this.#settle({ outcome: "done" });
        if (look === mostLooks) return await this.#fail("green didn't keep what was written");
      } catch (error) {
        if (!(error instanceof KubeError)) throw error;
        // The field changed between look and patch: the patch's test says so. Look again.
        if (look === mostLooks || ![409, 422].includes(error.status)) return this.#fail(error.message);
      }
    }
  }

  #look(): Promise<KubeObject | undefined> {
    const { edges, resource, held } = this.#moving;
    return edges.green.get(resource, held.object.name, held.object.namespace);
  }

  /** Where blue has no such field, green's server fills in what it likes: anything but what holds. */
  #isThere(now: unknown): boolean {
    const { direction, held } = this.#moving;
    if (direction === "hold") return sameJson(now, held.held);
    return "original" in held ? sameJson(now, held.original) : !sameJson(now, held.held);
  }

  async #intend(live: KubeObject, now: unknown): Promise<void> {
    if (this.#intended) return;
    const { direction, held, clusterId, edges } = this.#moving;
    const value = direction === "hold" ? held.held : held.original;
    this.#owners = ownersAt(live, stepsOf(held.pointer));
    const owners = this.#owners;
    await edges.journal.append({
      type: "intent",
      step: this.#step,
      phase: direction,
      what: `${direction === "release" ? "release" : "hold again"} at ${held.pointer}`,
      target: refKey(held.object),
      before: { clusterId, held, ...(now !== undefined && { value: now }), owners } satisfies HoldState,
      after: { clusterId, held, ...(value !== undefined && { value }), owners } satisfies HoldState,
    });
    this.#intended = true;
  }

  /** Whoever had the field has it afterwards: none is left in our name. */
  async #giveBack(live: KubeObject): Promise<void> {
    const { edges, resource } = this.#moving;
    await giveBack(live, this.#owners, { green: edges.green, resource });
  }

  async #patch(now: unknown): Promise<KubeObject> {
    const { direction, held, edges, resource } = this.#moving;
    const { name, namespace } = held.object;
    const options = { fieldManager, ...(namespace && { namespace }) };
    if (direction === "release" && kindKey(held.object) === "CronJob.batch") {
      // Its controller would make up at once for the last time that it missed, which blue ran.
      const status = { lastScheduleTime: new Date(edges.now()).toISOString().replace(/\.\d+/, "") };
      await edges.green.patch(resource, name, { status }, { ...options, type: "merge", subresource: "status" });
    }
    return edges.green.patch(resource, name, patchOf(direction, held, now), { ...options, type: "json" });
  }

  async #settle(ended: Ended): Promise<Ended> {
    const { journal } = this.#moving.edges;
    if (this.#intended) await journal.append({ type: "done", step: this.#step, result: { outcome: ended.outcome } });
    return ended;
  }

  async #fail(detail: string): Promise<Ended> {
    const { journal } = this.#moving.edges;
    if (this.#intended) await journal.append({ type: "failed", step: this.#step, error: detail });
    return { outcome: "failed", detail };
  }

  async #leave(now: unknown): Promise<Ended> {
    const { direction, held, edges, clusterId } = this.#moving;
    const detail = `${held.pointer} is ${now === undefined ? "gone" : JSON.stringify(now)}`;
    const data = { clusterId, object: refKey(held.object), found: detail };
    if (this.#intended) await edges.journal.append({ type: "failed", step: this.#step, error: `left: ${detail}` });
    await edges.journal.append({ type: "event", phase: direction, event: "left", data });
    return { outcome: "left", detail };
  }
}

/** Refused by the server where the field isn't what was just seen. */
function patchOf(direction: HoldDirection, { pointer, held, original }: HeldObject, now: unknown): JsonObject[] {
  const value = direction === "hold" ? held : original;
  const test = now === undefined ? [] : [{ op: "test", path: pointer, value: now }];
  if (value === undefined) return [...test, { op: "remove", path: pointer }];
  // `add` replaces what is there.
  return [...test, { op: "add", path: pointer, value }];
}

/** The value at a JSON pointer of fields, not of list items. */
function valueAt(object: KubeObject, pointer: string): unknown {
  let found: unknown = object;
  for (const step of stepsOf(pointer)) {
    if (!isObject(found)) return undefined;
    found = found[step];
  }
  return found;
}

function stepsOf(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function interrupted(): UserError {
  return new UserError({
    code: "interrupted",
    what: "Stopped between two steps; everything done so far is in the journal.",
    fix: "The same command goes on.",
  });
}
