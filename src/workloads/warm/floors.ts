import { scaledBy } from "../../model/autoscaling.js";
import { type KubeObject, type ObjectRef, refKey, refOf } from "../../model/objects.js";
import { type Selector, selects } from "../../model/selector.js";
import type { Wanted } from "../edits/carry-out.js";
import { numberAt, valueAt } from "../fields.js";

export interface WarmInput {
  /** Workloads as blue has them now: how many of their Pods are ready is what counts. */
  blue: readonly KubeObject[];
  /** Workloads as green has them now. */
  green: readonly KubeObject[];
  /** Green's autoscalers. */
  autoscalers: readonly KubeObject[];
  /** What is kept from acting on green, as `refKey` names it. */
  held: ReadonlySet<string>;
  exclude: readonly Selector[];
  /** Percent on top of blue's live count. */
  headroom: number;
}

/** One workload that must be as big on green as it is on blue. */
export interface Warmth {
  object: ObjectRef;
  /** Ready Pods on blue. */
  live: number;
  /** Ready Pods that green must have. */
  wanted: number;
  /** Where green is told so; absent where its floor is high enough. */
  floor?: Wanted & { now: number };
}

export interface WarmPlan {
  warm: Warmth[];
  /** What green won't be able to do, in people's words. */
  remarks: string[];
}

/**
 * How many Pods each workload of green must have ready before it gets traffic, and which floors are to be raised for it. Blue's
 * count is what its status says, not its specification: an autoscaler may have multiplied it, or half of it may be down. Pure.
 */
export function planWarmth({ blue, green, autoscalers, held, exclude, headroom }: WarmInput): WarmPlan {
  const greens = new Map(green.map((object) => [refKey(refOf(object)), object]));
  const scalers = new Map(autoscalers.map((object) => [scaledBy(object), object]));
  const plan: WarmPlan = { warm: [], remarks: [] };
  for (const theirs of blue) {
    const object = refOf(theirs);
    const key = refKey(object);
    const ours = greens.get(key);
    const live = numberAt(theirs, ["status", "readyReplicas"], 0);
    if (!ours || live === 0 || held.has(key) || exclude.some((select) => selects(select, theirs))) continue;
    const scaler = scalers.get(key);
    if (numberAt(ours, ["spec", "replicas"], 1) === 0 && !wakes(scaler)) {
      plan.remarks.push(`${key} is at 0 replicas on green, and has ${live} ready on blue: it is left so.`);
      continue;
    }
    // In whole numbers: 100 * 1.1 is a little more than 110, and would ask for 111.
    const asked = Math.ceil((live * (100 + headroom)) / 100);
    const { wanted, floor } = scaler ? floorOf(scaler, asked) : replicasOf(ours, asked);
    if (scaler && wanted < asked) {
      plan.remarks.push(
        `${key} has ${live} ready on blue, and should have ${asked} on green; but its ${scaler.kind} ${scaler.metadata.name} there allows ${wanted} at most.`,
      );
    }
    plan.warm.push({ object, live, wanted, ...(floor.now < wanted && { floor: { ...floor, ours: wanted } }) });
  }
  return plan;
}

/**
 * Whether a raised floor brings Pods back from 0. KEDA takes what is idle there by itself, unless it is paused, or told what to
 * idle at: then its floor is for busy times only. A HorizontalPodAutoscaler lets 0 be: somebody else made it so.
 */
function wakes(scaler: KubeObject | undefined): boolean {
  if (scaler?.kind !== "ScaledObject" || valueAt(scaler, ["spec", "idleReplicaCount"]) !== undefined) return false;
  return !Object.keys(scaler.metadata.annotations ?? {}).some((key) => key.startsWith("autoscaling.keda.sh/paused"));
}

type Floor = Omit<NonNullable<Warmth["floor"]>, "ours">;

function replicasOf(workload: KubeObject, wanted: number): { wanted: number; floor: Floor } {
  const path = ["spec", "replicas"];
  const floor = { object: refOf(workload), apiVersion: workload.apiVersion, path, now: numberAt(workload, path, 1) };
  return { wanted, floor };
}

/** An autoscaler's own words for least and most, and what it takes where they're missing. */
const limits: Readonly<Record<string, { least: string; fewest: number; most: string; greatest: number }>> = {
  HorizontalPodAutoscaler: { least: "minReplicas", fewest: 1, most: "maxReplicas", greatest: Number.POSITIVE_INFINITY },
  ScaledObject: { least: "minReplicaCount", fewest: 0, most: "maxReplicaCount", greatest: 100 },
};

function floorOf(scaler: KubeObject, asked: number): { wanted: number; floor: Floor } {
  const limit = limits[scaler.kind];
  if (!limit) throw new Error(`${scaler.kind} is no autoscaler`);
  const path = ["spec", limit.least];
  const wanted = Math.min(asked, numberAt(scaler, ["spec", limit.most], limit.greatest));
  const now = numberAt(scaler, path, limit.fewest);
  return { wanted, floor: { object: refOf(scaler), apiVersion: scaler.apiVersion, path, now } };
}
