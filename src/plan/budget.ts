import { formatDuration } from "../model/duration.js";
import type { PhaseBudget } from "../model/plan.js";

/** What phases' times depend on. Durations in milliseconds. */
export interface Scale {
  objects: number;
  steps: number;
  hold: number;
  /** Longest TTL among the records that move, in seconds; 0 without records. */
  ttl: number;
  records: number;
  addresses: number;
  loadBalancers: number;
  smokeTimeout: number;
  checks: number;
  /** Longest that one check between the steps may take, of analysis or of smoke: all are made at the same time. */
  longestCheck: number;
  /** Longest that a step is held while its checks are inconclusive. */
  inconclusiveFor: number;
  readyTimeout: number;
  soak: number;
  /** Volumes that are copied or handed over. */
  volumes: number;
  /** The slowest of them: all are moved at the same time. */
  volumeSeconds: number;
}

/** Route 53 promises no time, but a change is usually INSYNC within a minute. */
const insyncSeconds = 60;

/** Conservative rates, so that a plan's window is not too short: objects a second, over a real network. */
export const rates = { export: 500, replay: 50 };

/** How long each phase may take: upper bounds, to choose a window by. */
export function budgetsOf(scale: Scale): PhaseBudget[] {
  const stepSeconds = Math.max(scale.hold / 1000, scale.ttl) + (scale.records > 0 ? insyncSeconds : 0);
  const smoke = Math.ceil((scale.smokeTimeout / 1000) * Math.max(1, scale.checks));
  const evidence = stepEvidenceSeconds(scale);
  const shares = scale.records + scale.loadBalancers > 0 ? scale.steps * (stepSeconds + evidence) : 0;
  // At worst each address is alone in its group and zone: moved, held and checked by itself.
  const moves = scale.addresses * (2 + scale.hold / 1000 + evidence);
  const cutover = Math.ceil(shares + moves + scale.volumeSeconds);
  return [
    { phase: "up", seconds: Math.ceil(scale.readyTimeout / 1000), basis: "green.readyTimeout; before the window" },
    {
      phase: "export",
      seconds: seconds(scale.objects / rates.export),
      basis: `${scale.objects} objects at ${rates.export}/s; before the window`,
    },
    {
      phase: "rehearse",
      seconds: seconds(scale.objects / rates.replay) + 60,
      basis: `${scale.objects} objects at ${rates.replay}/s and a control plane; before the window`,
    },
    {
      phase: "migrate",
      seconds: seconds(scale.objects / rates.replay),
      basis: `${scale.objects} objects at ${rates.replay}/s`,
    },
    { phase: "smoke", seconds: smoke, basis: `${scale.checks} checks, each at most smoke.timeout` },
    {
      phase: "cutover",
      seconds: cutover,
      basis: cutoverBasis(scale),
    },
    { phase: "soak", seconds: Math.ceil(scale.soak / 1000), basis: "soak; after the window" },
  ];
}

/** Checks are made once, and again until they are certain or the step was held for too long: the last try may begin right before that. */
function stepEvidenceSeconds({ smokeTimeout, checks, longestCheck, inconclusiveFor }: Scale): number {
  const once = Math.max(smokeTimeout * Math.max(1, checks), longestCheck);
  return Math.ceil((inconclusiveFor > 0 ? once + inconclusiveFor : once) / 1000);
}

function cutoverBasis({
  steps,
  records,
  addresses,
  loadBalancers,
  longestCheck,
  inconclusiveFor,
  volumes,
  volumeSeconds,
}: Scale): string {
  const isIdle = records + addresses + loadBalancers === 0;
  const parts = [
    isIdle ? "nothing moves traffic" : "",
    records > 0 ? `${steps} steps of hold or TTL (the longer), INSYNC (${insyncSeconds}s) and checks` : "",
    records === 0 && loadBalancers > 0 ? `${steps} steps, each held and checked` : "",
    addresses > 0 ? `${addresses} addresses, each held and checked` : "",
    !isIdle && longestCheck > 0 ? `checks of at most ${formatDuration(longestCheck)} each time` : "",
    !isIdle && inconclusiveFor > 0
      ? `each may be held ${formatDuration(inconclusiveFor)} longer by inconclusive checks`
      : "",
    volumes > 0
      ? `${volumes} volume(s) copied or handed over, the slowest in ${formatDuration(volumeSeconds * 1000)}`
      : "",
  ];
  return parts.filter((part) => part !== "").join("; ");
}

/** The way back: one change for all records of a zone, and one call for each address and each rule of a load balancer. */
export function rollbackSeconds(scale: Scale): number {
  return Math.ceil((scale.records > 0 ? insyncSeconds + scale.ttl : 0) + scale.addresses + scale.loadBalancers);
}

function seconds(value: number): number {
  return Math.max(10, Math.ceil(value));
}
