import type { Act, ActOutcome, ActReport, ForwardScene, KeepsHeld, Scene } from "./act.js";
import { handOverAct } from "./hand-over.js";
import { handOverCheck } from "./hand-over-check.js";
import { handOverFirst } from "./hand-over-first.js";
import { heldObjects } from "./held-objects.js";
import { volumesAct } from "./volumes.js";
import { warmGreenAct } from "./warm-green.js";

/** Everything that a cutover does beside the traffic, in order; a rollback takes it back from the last to the first. */
export const acts: readonly Act[] = [handOverCheck, warmGreenAct, handOverFirst, handOverAct, volumesAct, heldObjects];

/** The reports of several acts, each under its id. */
export interface Told<Report extends ActReport = ActReport> {
  lines: string[];
  json: Record<string, Report["json"]>;
}

export function tell(reports: readonly (readonly [Act, ActReport])[]): Told {
  return {
    lines: reports.flatMap(([, { lines }]) => lines),
    json: Object.fromEntries(reports.map(([{ id }, { json }]) => [id, json])),
  };
}

export async function planActs(when: Act["when"], scene: ForwardScene): Promise<Told> {
  const reports: [Act, ActReport][] = [];
  for (const act of acts) if (act.when === when) reports.push([act, await act.plan(scene)]);
  return tell(reports);
}

export async function carryOutActs(when: Act["when"], scene: ForwardScene): Promise<Told & { failed: boolean }> {
  const reports: [Act, ActOutcome][] = [];
  const keepsHeld: KeepsHeld = (held) => reports.some(([, outcome]) => outcome.keepsHeld?.(held));
  for (const act of acts) if (act.when === when) reports.push([act, await act.carryOut(scene, keepsHeld)]);
  return { ...tell(reports), failed: reports.some(([, { failed }]) => failed) };
}

export async function planActsBack(scene: Scene): Promise<Told> {
  const reports: [Act, ActReport][] = [];
  for (const act of [...acts].reverse()) reports.push([act, await act.planBack(scene)]);
  return tell(reports);
}

export async function takeActsBack(scene: Scene): Promise<Told & { blueLacks: boolean }> {
  const reports: [Act, ActOutcome][] = [];
  for (const act of [...acts].reverse()) reports.push([act, await act.takeBack(scene)]);
  return { ...tell(reports), blueLacks: reports.some(([, { blueLacks }]) => blueLacks) };
}
