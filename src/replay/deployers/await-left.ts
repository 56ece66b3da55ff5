import { setTimeout as sleep } from "node:timers/promises";
import type { KubeReader } from "../../kube/api.js";
import { type ApiResource, type KubeObject, kindKey, refKey, refOf } from "../../model/objects.js";
import type { ReplayPlan } from "../replay.js";
import type { Choice } from "../versions.js";
import type { Left } from "./groups.js";

export interface AwaitOptions {
  green: KubeReader;
  signal?: AbortSignal;
  /** Between two looks at green, milliseconds. Default 2000. */
  pollMs?: number;
  onProgress?: (come: number, total: number) => void;
}

export interface Awaited {
  /** How many were left to their deployers. */
  left: number;
  /** How many of them have come on green. */
  come: number;
  /** What has not come within its deployer's time, as `refKey` names it, with who should have brought it. */
  missing: { object: string; deployer: string }[];
}

/** Above this many, a kind is listed instead of asked for one by one. */
const fewEnough = 10;

/**
 * Waits until what was left to deployers exists on green, each for its own time. Existence is all that is asked for: what
 * is in it is the deployer's. What green doesn't serve any more is missing from the start.
 */
export async function awaitLeft(left: readonly Left[], plan: ReplayPlan, options: AwaitOptions): Promise<Awaited> {
  const began = performance.now();
  const missing: Awaited["missing"] = [];
  let waiting: { left: Left; resource: ApiResource }[] = [];
  for (const each of left) {
    const resource = resourceOf(each.object, plan);
    if (resource) waiting.push({ left: each, resource });
    else missing.push(nameOf(each));
  }

  for (;;) {
    waiting = await stillMissing(waiting, options);
    options.onProgress?.(left.length - waiting.length - missing.length, left.length);
    const elapsed = performance.now() - began;
    missing.push(...waiting.filter((each) => each.left.timeoutMs <= elapsed).map((each) => nameOf(each.left)));
    waiting = waiting.filter((each) => each.left.timeoutMs > elapsed);
    if (waiting.length === 0) return { left: left.length, come: left.length - missing.length, missing };
    await sleep(options.pollMs ?? 2000, undefined, options.signal ? { signal: options.signal } : {});
  }
}

async function stillMissing<T extends { left: Left; resource: ApiResource }>(
  waiting: readonly T[],
  { green, signal }: AwaitOptions,
): Promise<T[]> {
  const byResource = new Map<ApiResource, T[]>();
  for (const each of waiting) byResource.set(each.resource, [...(byResource.get(each.resource) ?? []), each]);
  const missing: T[] = [];
  for (const [resource, members] of byResource) {
    if (members.length > fewEnough) {
      const there = new Set<string>();
      for await (const { items } of green.pages(resource, signal ? { signal } : {})) {
        for (const { metadata } of items) there.add(`${metadata.namespace}/${metadata.name}`);
      }
      missing.push(
        ...members.filter(({ left: { object } }) => !there.has(`${object.metadata.namespace}/${object.metadata.name}`)),
      );
    } else {
      for (const member of members) {
        const { name, namespace } = member.left.object.metadata;
        if (!(await green.get(resource, name, namespace))) missing.push(member);
      }
    }
  }
  return missing;
}

/** Where green has the objects of a kind of blue's; undefined where it has none of that kind. */
function resourceOf(object: KubeObject, { choices, deciding }: ReplayPlan): ApiResource | undefined {
  const choice: Choice | undefined = choices.find(({ groupKind }) => kindKey(groupKind) === kindKey(refOf(object)));
  return choice?.writeAs ? deciding.resourceOf(choice.writeAs, object.kind) : undefined;
}

function nameOf({ object, deployer }: Left): { object: string; deployer: string } {
  return { object: refKey(refOf(object)), deployer };
}
