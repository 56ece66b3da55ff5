import { z } from "zod";
import type { AwsApi } from "../../aws/api.js";
import type { Portion, Target } from "../../model/traffic.js";
import type { Marking } from "../marks/marking.js";
import type { Preparation } from "../preparation/history.js";
import { elasticIp } from "./elastic-ip/index.js";
import { recordedAddress } from "./elastic-ip/recorded.js";
import { loadBalancer } from "./load-balancer/index.js";
import { recordedLoadBalancer } from "./load-balancer/recorded.js";
import { manual } from "./manual/index.js";
import { recordedManual } from "./manual/recorded.js";
import { route53 } from "./route53/index.js";
import { recordedZone } from "./route53/recorded.js";
import type { FinishTerms, Recorded, ShiftTerms, Stage, TargetEdges, TargetKind, TrafficTarget } from "./target.js";

/** Every kind of target, in the order in which they move. Register a new one here, and in `recordedTarget`. */
const kinds = [anyOf(route53), anyOf(loadBalancer), anyOf(elasticIp), anyOf(manual)] as const;

/** What a journal holds of a target, of whatever kind. */
export const recordedTarget = z.discriminatedUnion("kind", [
  recordedZone,
  recordedLoadBalancer,
  recordedAddress,
  recordedManual,
]);
export type RecordedTarget = z.infer<typeof recordedTarget>;

/** A kind among others: what isn't of it is none of its business. */
interface AnyKind {
  kind: string;
  record(targets: readonly Target[], aws: AwsApi, prepared?: Preparation, marking?: Marking): Promise<Recorded[]>;
  open(recorded: Recorded, edges: TargetEdges): TrafficTarget;
  stages(recorded: readonly Recorded[], terms: ShiftTerms): Stage[];
  portions(recorded: Recorded, live: unknown): Portion[];
  finish(recorded: Recorded, terms: FinishTerms): unknown;
  finishesFirst: boolean;
}

function anyOf<T extends Target, R extends Recorded>(kind: TargetKind<T, R>): AnyKind {
  const ours = <Each extends { kind: string }, Ours extends Each>(all: readonly Each[]): Ours[] =>
    all.filter((each): each is Ours => each.kind === kind.kind);
  return {
    kind: kind.kind,
    record: async (targets, aws, prepared, marking) => {
      const own = ours<Target, T>(targets);
      return own.length === 0 ? [] : kind.record(own, aws, prepared, marking);
    },
    open: (recorded, edges) => kind.open(kind.schema.parse(recorded), edges),
    stages: (recorded, terms) => kind.stages(ours<Recorded, R>(recorded), terms),
    portions: (recorded, live) => kind.portions(recorded as unknown as R, live),
    finish: (recorded, terms) => kind.finish?.(kind.schema.parse(recorded), terms),
    finishesFirst: kind.finishesFirst ?? false,
  };
}

/**
 * Reads every target whole, as it is before anything moves, and refuses what can't be shifted and brought back exactly.
 * Writes nothing.
 *
 * @param prepared what was done ahead, and still stands: the originals are then the ones before that
 * @param marking what is left beside what moves, for a rollback without any record; without it, nothing
 */
export async function recordTargets(
  targets: readonly Target[],
  aws: AwsApi,
  prepared?: Preparation,
  marking?: Marking,
): Promise<RecordedTarget[]> {
  const recorded: Recorded[] = [];
  for (const kind of kinds) recorded.push(...(await kind.record(targets, aws, prepared, marking)));
  return recorded as RecordedTarget[];
}

export function targetOf(recorded: RecordedTarget, edges: TargetEdges): TrafficTarget {
  return kindOf(recorded).open(recorded, edges);
}

/** How a target's live state divides its traffic. */
export function portionsOf(recorded: RecordedTarget, live: unknown): Portion[] {
  return kindOf(recorded).portions(recorded, live);
}

/** How a target shall be once blue is gone; undefined where the last stage left it so. */
export function finishedState(recorded: RecordedTarget, terms: FinishTerms): unknown {
  return kindOf(recorded).finish(recorded, terms);
}

/** Whether a target is finished before blue is removed: what it names could not be removed else. */
export function finishesFirst(recorded: RecordedTarget): boolean {
  return kindOf(recorded).finishesFirst;
}

function kindOf(recorded: RecordedTarget): AnyKind {
  const kind = kinds.find((each) => each.kind === recorded.kind);
  if (!kind) throw new Error(`no kind of target ${recorded.kind}`);
  return kind;
}

/** The stages of all kinds, in order; those of the same id are one. */
export function stagesOfTargets(recorded: readonly RecordedTarget[], terms: ShiftTerms): Stage[] {
  const stages = new Map<string, Stage>();
  for (const stage of kinds.flatMap((kind) => kind.stages(recorded, terms))) {
    const same = stages.get(stage.id);
    stages.set(stage.id, same ? together(same, stage) : stage);
  }
  return [...stages.values()];
}

function together(a: Stage, b: Stage): Stage {
  return {
    id: a.id,
    what: `${a.what}; ${b.what}`,
    moves: [...a.moves, ...b.moves],
    holdMs: Math.max(a.holdMs, b.holdMs),
  };
}
