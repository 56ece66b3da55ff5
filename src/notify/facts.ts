import type { Config } from "../config/schema.js";
import { formatDuration, parseDuration } from "../model/duration.js";
import type { Facts } from "../model/notice.js";
import type { Plan } from "../model/plan.js";
import { formatMoment } from "./when.js";

/** How many of the targets a notice names. */
const mostNamed = 5;

/** What a notice is told from, besides what happened. */
export interface Occasion {
  run: string;
  config: Config;
  plan: Plan | undefined;
}

/** What happened: one of the journal's entries, or nothing yet. */
export interface Happening {
  /** Milliseconds since the epoch. */
  at: number;
  step?: number;
  stage?: string;
  detail?: string;
}

/** Every placeholder's words. */
export function factsOf({ run, config, plan }: Occasion, { at, step, stage, detail }: Happening): Facts {
  const { notify, window, traffic } = config;
  const timeZone = timeZoneOf(config);
  const time = (iso: string) => formatMoment(Date.parse(iso), timeZone);
  const fixed = window?.opens !== undefined && window.closes !== undefined;
  const opens = fixed ? time(window.opens ?? "") : "at a time that isn't fixed";
  const closes = fixed ? time(window.closes ?? "") : "at a time that isn't fixed";
  const budget = plan?.budgets.find(({ phase }) => phase === "cutover")?.seconds;
  return {
    environment: config.environment,
    run,
    blue: plan ? `${plan.blue.name}, Kubernetes ${plan.blue.version}` : config.blue.name,
    green: `Kubernetes ${plan?.green.version ?? config.green.version}`,
    now: formatMoment(at, timeZone),
    opens,
    closes,
    window: fixed ? `from ${opens} to ${closes}` : "the time isn't fixed yet",
    affected: notify.affected ?? usersOf(plan),
    effect: notify.effect,
    contact: notify.contact,
    shares: traffic.steps.map((share) => `${share} %`).join(", "),
    duration: seconds(budget),
    wayBack: seconds(plan?.rollbackSeconds),
    soak: formatDuration(parseDuration(config.soak) ?? 0),
    step: step === undefined ? "" : String(step),
    stage: stage ?? "",
    detail: (detail ?? "").replace(/[.\s]+$/, ""),
  };
}

/** By the zone that the notices ask for, else the window's own. */
function timeZoneOf({ notify, window }: Config): string {
  return notify.timeZone ?? window?.weekly[0]?.timeZone ?? "UTC";
}

function seconds(value: number | undefined): string {
  return value === undefined ? "a time that no plan has told yet" : formatDuration(value * 1000);
}

function usersOf(plan: Plan | undefined): string {
  const names = [...new Set((plan?.targets ?? []).map(({ target }) => target.replace(/\.? (A|AAAA|CNAME)$/, "")))];
  if (names.length === 0) return "nobody, as nothing moves traffic";
  const more = names.length - mostNamed;
  return `who uses ${names.slice(0, mostNamed).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
