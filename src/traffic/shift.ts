import { formatDuration } from "../model/duration.js";
import { messageOf } from "../model/errors.js";
import type { Target } from "../model/traffic.js";
import type { Analysed, Verdict } from "../model/verdict.js";
import { interruptible, submit, type TrafficEdges, throwIfInterrupted } from "./effect.js";
import { type FailedCheck, lastShift, type ShiftHistory, type StartedShift } from "./history.js";
import type { Marking } from "./marks/marking.js";
import { leaveTags, takeTags } from "./marks/tags.js";
import { standingPreparation } from "./preparation/history.js";
import { verifyMoved } from "./serving.js";
import { stagesOf } from "./stages.js";
import { type RecordedTarget, recordTargets, targetOf } from "./targets/index.js";
import { type AgreedShare, describeShares, requireShare, type ZonePart } from "./targets/route53/zone-share.js";
import type { Stage } from "./targets/target.js";
import { goBack, returnOfShift } from "./way-back.js";

export interface ShiftInput {
  targets: readonly Target[];
  /** Green's share in percent after each step, rising, the last 100. */
  steps: readonly number[];
  /** Milliseconds that each step is held at least; the records' TTL is always waited out. */
  holdMs: number;
  /** Milliseconds that a step is held while its checks are inconclusive; then everything moves back. Without it, at once. */
  inconclusiveForMs?: number;
  /** How much of a hosted zone may change; without it, all. */
  zoneShare?: AgreedShare;
  /** What is left on what moves, for a rollback without any record; without it, nothing. */
  marking?: Marking;
}

export type { Verdict } from "../model/verdict.js";

export interface ShiftEdges extends TrafficEdges {
  /** Evidence after a stage. One that throws is inconclusive; an inconclusive one is repeated while the step is held. */
  check(stage: Stage): Promise<Verdict>;
  /** Asked before each stage, and while one is held without certainty: why everything must go back instead. */
  mayGoOn?(stage: Stage): Promise<string | undefined>;
  onProgress?(message: string): void;
}

export interface ShiftPlan {
  attempt: number;
  stages: Stage[];
  /** Ids of the stages that an earlier, interrupted call has done. */
  passed: ReadonlySet<string>;
  /** One line for each hosted zone: how much of it moves. */
  shares: string[];
  /** True where an interrupted way back comes first, and is all that would be done. */
  returning: boolean;
}

export type ShiftResult = {
  attempt: number;
  /** Time spent in AWS calls by this call, milliseconds. */
  apiMs: number;
} & ({ outcome: "moved" } | { outcome: "moved-back"; failed?: FailedCheck });

/** What shift would do now. Reads the journal and AWS, and writes nothing. */
export async function planShift(input: ShiftInput, edges: Pick<ShiftEdges, "aws" | "journal">): Promise<ShiftPlan> {
  const { shift } = await openShift(input, edges);
  return {
    attempt: shift.attempt,
    stages: stagesOf(shift),
    passed: shift.status === "moved" ? new Set(stagesOf(shift).map(({ id }) => id)) : shift.passed,
    shares: describeShares(zonesIn(shift.targets)),
    returning: shift.status === "returning",
  };
}

/**
 * Moves the traffic of all targets to green: record everything, then stage by stage move, hold and check. A check that
 * doesn't pass moves everything back by itself. After a crash or Ctrl-C the same call goes on from the journal, which
 * then also decides targets and steps.
 *
 * @throws UserError `drifted`, `effect-failed`, `aws-failed`, `config-invalid`, `zone-share`, `interrupted`
 */
export async function shift(input: ShiftInput, edges: ShiftEdges): Promise<ShiftResult> {
  return interruptible(edges.signal, async () => {
    const { aws, journal } = edges;
    const began = aws.meter.ms();
    const { shift: opened, isNew } = await openShift(input, edges);
    const { attempt } = opened;
    const apiMs = () => aws.meter.ms() - began;
    if (isNew) {
      throwIfInterrupted(edges.signal);
      const { steps, holdMs, targets, marking } = opened;
      await journal.append({
        type: "event",
        phase: "cutover",
        event: "started",
        data: { attempt, steps, holdMs, targets, ...(marking && { marking }) } satisfies StartedShift,
      });
    }
    if (opened.status === "returning") return movedBack(opened, edges, apiMs);
    if (opened.status === "moving") await leaveTags(opened, edges);
    for (const stage of stagesOf(opened)) {
      if (opened.status === "moved" || opened.passed.has(stage.id)) continue;
      const failed =
        (await halted(stage, edges)) ?? (await runStage(stage, opened, edges, input.inconclusiveForMs ?? 0));
      if (failed) {
        await journal.append({ type: "event", phase: "cutover", event: "check-failed", data: failed });
        return movedBack({ ...opened, status: "returning", failed }, edges, apiMs);
      }
      await journal.append({ type: "event", phase: "cutover", event: "stage-passed", data: { stage: stage.id } });
    }
    await verifyMoved(opened, edges);
    if (opened.status !== "moved") {
      await journal.append({ type: "event", phase: "cutover", event: "completed", data: { attempt, apiMs: apiMs() } });
    }
    return { outcome: "moved", attempt, apiMs: apiMs() };
  });
}

/** The attempt that is under way or done, or a new one, recorded just now but not yet in the journal. */
async function openShift(
  { targets, steps, holdMs, zoneShare, marking }: ShiftInput,
  { aws, journal }: Pick<ShiftEdges, "aws" | "journal">,
): Promise<{ shift: ShiftHistory; isNew: boolean }> {
  const last = lastShift(journal.entries());
  if (last && last.status !== "returned") return { shift: last, isNew: false };
  const attempt = (last?.attempt ?? 0) + 1;
  const recorded = await recordTargets(targets, aws, standingPreparation(journal.entries()), marking);
  requireShare(zonesIn(recorded), zoneShare);
  const marked = marking && { marking };
  const shift = { attempt, steps: [...steps], holdMs, targets: recorded, ...marked, status: "moving" as const };
  return { shift: { ...shift, passed: new Set() }, isNew: true };
}

function zonesIn(targets: readonly RecordedTarget[]): ZonePart[] {
  return targets.flatMap((target) => (target.kind === "route53" ? [target] : []));
}

async function runStage(
  stage: Stage,
  shift: ShiftHistory,
  edges: ShiftEdges,
  inconclusiveForMs: number,
): Promise<FailedCheck | undefined> {
  const { clock, signal, onProgress } = edges;
  throwIfInterrupted(signal);
  onProgress?.(stage.what);
  const targets = new Map(shift.targets.map((recorded) => [recorded.key, targetOf(recorded, edges)]));
  const settles = [];
  for (const move of stage.moves) {
    const target = targets.get(move.key);
    if (!target) throw new Error(`no target ${move.key}`);
    settles.push(await submit(edges, target, move, "cutover"));
  }
  for (const settle of settles) await settle();
  if (stage.holdMs > 0) onProgress?.(`holding for ${formatDuration(stage.holdMs)}`);
  await clock.sleep(stage.holdMs, signal);
  const verdict = await checked(stage, shift.attempt, edges, inconclusiveForMs);
  onProgress?.(`check ${verdict.outcome}: ${verdict.detail}`);
  if (verdict.outcome === "passed") return undefined;
  return { stage: stage.id, outcome: verdict.outcome, detail: verdict.detail };
}

/** What can't be asked isn't allowed: then, too, the way is back. */
async function halted(stage: Stage, { mayGoOn }: ShiftEdges): Promise<FailedCheck | undefined> {
  const why = await mayGoOn?.(stage).catch(
    (error: unknown) => `it can't be told whether to go on: ${messageOf(error)}`,
  );
  return why === undefined ? undefined : { stage: stage.id, outcome: "failed", detail: why };
}

/** Milliseconds before an inconclusive check is repeated: as long as a step is held, within these bounds. */
const pauses = { shortest: 5_000, longest: 30_000 };

/** Looks until something is certain, or until it was uncertain for too long. The journal has each verdict that is new. */
async function checked(stage: Stage, attempt: number, edges: ShiftEdges, inconclusiveForMs: number): Promise<Verdict> {
  const { check, clock, signal, journal, onProgress } = edges;
  const pause = Math.min(Math.max(stage.holdMs, pauses.shortest), pauses.longest);
  let since: number | undefined;
  let slept = 0;
  let told: string | undefined;
  for (;;) {
    const verdict = await check(stage).catch(
      (error: unknown): Verdict => ({
        outcome: "inconclusive",
        detail: `the check itself failed: ${messageOf(error)}`,
      }),
    );
    throwIfInterrupted(signal);
    const { outcome, detail, checks } = verdict;
    const outcomes = JSON.stringify(checks?.map((each) => [each.name, each.outcome]));
    if (checks && outcomes !== told) {
      const data = { attempt, stage: stage.id, outcome, checks } satisfies Analysed;
      await journal.append({ type: "event", phase: "cutover", event: "analysed", data });
      told = outcomes;
    }
    if (outcome !== "inconclusive") return verdict;
    since ??= clock.now();
    // A clock that was set back holds no step for longer.
    const left = inconclusiveForMs - Math.max(slept, clock.now() - since);
    if (left <= 0) return verdict;
    const halt = await halted(stage, edges);
    if (halt) return { outcome: "failed", detail: halt.detail };
    onProgress?.(`check inconclusive, held for ${formatDuration(left)} at most: ${detail}`);
    await clock.sleep(Math.min(pause, left), signal);
    slept += Math.min(pause, left);
  }
}

async function movedBack(shift: ShiftHistory, edges: ShiftEdges, apiMs: () => number): Promise<ShiftResult> {
  edges.onProgress?.("moving everything back to blue");
  await goBack(returnOfShift(shift, edges, "prepared"), edges);
  const trouble = await takeTags(edges);
  if (trouble !== undefined) edges.onProgress?.(trouble);
  const result = { outcome: "moved-back" as const, attempt: shift.attempt, apiMs: apiMs() };
  return shift.failed ? { ...result, failed: shift.failed } : result;
}
