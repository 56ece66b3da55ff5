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
  smokeTimeout: number;
  checks: number;
  readyTimeout: number;
  soak: number;
}

/** Route 53 promises no time, but a change is usually INSYNC within a minute. */
const insyncSeconds = 60;

/** Conservative rates, so that a plan's window is not too short: objects a second, over a real network. */
const rates = { export: 500, replay: 50 };

/** How long each phase may take: upper bounds, to choose a window by. */
export function budgetsOf(scale: Scale): PhaseBudget[] {
  const stepSeconds = Math.max(scale.hold / 1000, scale.ttl) + insyncSeconds;
  const smoke = Math.ceil((scale.smokeTimeout / 1000) * Math.max(1, scale.checks));
  const shares = scale.records > 0 ? scale.steps * (stepSeconds + smoke) : 0;
  // At worst each address is alone in its group and zone: moved, held and checked by itself.
  const moves = scale.addresses * (2 + scale.hold / 1000 + smoke);
  const cutover = Math.ceil(shares + moves);
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

function cutoverBasis({ steps, records, addresses }: Scale): string {
  const parts = [
    records > 0 ? `${steps} steps of hold or TTL (the longer), INSYNC (${insyncSeconds}s) and checks` : "",
    addresses > 0 ? `${addresses} addresses, each held and checked` : "",
  ].filter((part) => part !== "");
  return parts.join("; ") || "nothing moves traffic";
}

/** The way back: one change for all records of a zone, and one call for each address. */
export function rollbackSeconds(scale: Scale): number {
  return Math.ceil((scale.records > 0 ? insyncSeconds + scale.ttl : 0) + scale.addresses);
}

function seconds(value: number): number {
  return Math.max(10, Math.ceil(value));
}
