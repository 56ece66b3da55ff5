import type { CheckResult } from "../model/smoke.js";
import { verdictOf } from "../model/verdict.js";

export interface Steadiness {
  /** For how long every look must be good, in milliseconds. */
  steadyMs: number;
  everyMs: number;
  /** Given up when this much has passed without that; 0: after the first bad look. */
  patienceMs: number;
}

export interface Steady {
  /** Of the last look. */
  checks: CheckResult[];
  ms: number;
  looks: number;
  /** False: it was given up. */
  held: boolean;
}

export interface SteadyEdges {
  now: () => number;
  sleep: (ms: number) => Promise<void>;
  /** Told of each look, with for how long it has been good until then. */
  onLook?: (checks: readonly CheckResult[], goodForMs: number) => void;
}

/** Two looks are the least that can show a cluster that flaps. */
const fewestLooks = 2;

/**
 * Looks again and again until every check has held for a while: a cluster that flaps passes once. What is inconclusive is no
 * failure, and no look makes it better: it doesn't hold anything up.
 */
export async function untilSteady(
  look: () => Promise<CheckResult[]>,
  { steadyMs, everyMs, patienceMs }: Steadiness,
  { now, sleep, onLook }: SteadyEdges,
): Promise<Steady> {
  const began = now();
  let goodSince = began;
  let looks = 0;
  for (;;) {
    const at = now();
    const checks = await look();
    const good = verdictOf(checks).outcome !== "failed";
    if (!good) looks = 0;
    else if (looks++ === 0) goodSince = at;
    const ms = good ? now() - goodSince : 0;
    onLook?.(checks, ms);
    const steady = { checks, ms, looks };
    if (good && looks >= fewestLooks && ms >= steadyMs) return { ...steady, held: true };
    if (!good && now() - began >= patienceMs) return { ...steady, held: false };
    await sleep(everyMs);
  }
}
