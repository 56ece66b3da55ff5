import { addsUp } from "../model/accounting.js";
import { formatDuration } from "../model/duration.js";
import { UserError } from "../model/errors.js";
import type { ExitCodeName } from "../model/exit-codes.js";
import { compareMinor, parseKubeVersion } from "../model/kube-version.js";
import { planHash } from "../model/plan.js";
import { type Evidence, isFinished, loweredTtl, trafficState } from "./evidence.js";

/** Evidence that must hold. A gate that can't be checked refuses. */
export interface Gate {
  /** What --force names, and the exit code's name. */
  id: ExitCodeName;
  check(evidence: Evidence, limits: Limits): Refusal | undefined;
}

export interface Refusal {
  what: string;
  /** The command that gets the missing evidence. */
  fix: string;
}

/** From the configuration, in milliseconds. */
export interface Limits {
  smokeMaxAge: number;
  soak: number;
  /** What the records' TTL is to be during the shift; undefined where it may stay as it is. */
  ttl?: number;
}

function sameMinor(a: string, b: string): boolean {
  const [first, second] = [parseKubeVersion(a), parseKubeVersion(b)];
  return first !== undefined && second !== undefined && compareMinor(first, second) === 0;
}

const refuse = (what: string, fix: string): Refusal => ({ what, fix });

export const gates = {
  planExists: {
    id: "no-plan",
    check: ({ plan }) => (plan ? undefined : refuse("There is no plan in this run.", "clustershift plan")),
  },
  notBlocked: {
    id: "plan-blocked",
    check: ({ plan }) => {
      const blockers = plan?.findings.filter((finding) => finding.severity === "blocker") ?? [];
      if (blockers.length === 0) return undefined;
      return refuse(
        `The plan has ${blockers.length} blocker(s): ${[...new Set(blockers.map((finding) => finding.id))].join(", ")}.`,
        "Mend what `clustershift plan` lists as blockers, then plan again.",
      );
    },
  },
  approved: {
    id: "plan-not-approved",
    check: ({ approval }) =>
      approval ? undefined : refuse("Nobody has approved the plan.", "clustershift approve --by NAME"),
  },
  planIntact: {
    id: "plan-changed",
    check: ({ plan, configHash }) => {
      if (!plan) return undefined;
      const again = "clustershift plan && clustershift approve --by NAME";
      if (planHash(plan) !== plan.hash) return refuse("plan.json was edited: its hash doesn't fit its content.", again);
      if (plan.configHash !== configHash)
        return refuse("clustershift.yaml, or a module that it names, changed since the plan was made.", again);
      return undefined;
    },
  },
  approvalFits: {
    id: "plan-changed",
    check: ({ plan, approval }) => {
      if (!plan || !approval || approval.planHash === plan.hash) return undefined;
      return refuse(
        `The plan changed since ${approval.by} approved it (approved ${approval.planHash.slice(0, 12)}, is ${plan.hash.slice(0, 12)}).`,
        "clustershift approve --by NAME",
      );
    },
  },
  insideWindow: {
    id: "outside-window",
    check: ({ plan, now }) => {
      const window = plan?.window;
      if (!window) return undefined;
      const opens = Date.parse(window.opens);
      const closes = Date.parse(window.closes);
      if (Number.isNaN(opens) || Number.isNaN(closes)) {
        return refuse(
          `The plan's window can't be read: ${window.opens} to ${window.closes}.`,
          "Set window in clustershift.yaml, then: clustershift plan && clustershift approve --by NAME",
        );
      }
      if (now < opens) {
        return refuse(
          `The maintenance window opens at ${window.opens}, in ${formatDuration(opens - now)}.`,
          "Wait until it opens, or change window in clustershift.yaml, plan and approve again.",
        );
      }
      if (now >= closes) {
        return refuse(
          `The maintenance window closed at ${window.closes}.`,
          "Set the next window in clustershift.yaml, then plan and approve again.",
        );
      }
      return undefined;
    },
  },
  greenStands: {
    id: "green-missing",
    check: ({ green, plan }) => {
      if (!green) return refuse("There is no green cluster that was seen ready.", "clustershift up");
      if (plan && !sameMinor(green.version, plan.green.version)) {
        return refuse(`Green is of version ${green.version}; the plan says ${plan.green.version}.`, "clustershift up");
      }
      return undefined;
    },
  },
  bundleVerified: {
    id: "bundle-missing",
    check: ({ bundle }) =>
      bundle ? undefined : refuse("There is no verified bundle of blue in this run.", "clustershift export"),
  },
  rehearsed: {
    id: "rehearsal-missing",
    check: ({ bundle, rehearsal, plan }) => {
      const fix = "clustershift rehearse";
      if (!rehearsal) return refuse("The bundle was not rehearsed.", fix);
      if (rehearsal.bundle !== bundle?.hash) return refuse("The rehearsal was of another bundle than this run's.", fix);
      if (plan && !sameMinor(rehearsal.version, plan.green.version)) {
        return refuse(`The rehearsal was against ${rehearsal.version}; the plan says ${plan.green.version}.`, fix);
      }
      if (rehearsal.refused.length > 0) {
        return refuse(`The rehearsal found ${rehearsal.refused.length} object(s) that green's version refuses.`, fix);
      }
      return undefined;
    },
  },
  replayed: {
    id: "replay-missing",
    check: ({ replay, green, bundle, parity }) => {
      const fix = "clustershift migrate";
      if (!replay) return refuse("Blue's objects have not been replayed into green.", fix);
      if (replay.green.clusterId !== green?.clusterId)
        return refuse("The replay went into another green cluster.", fix);
      if (replay.bundle !== bundle?.hash) return refuse("The replay was of another bundle than this run's.", fix);
      if (!addsUp(replay.accounting)) return refuse("The replay doesn't account for every object of the bundle.", fix);
      if (replay.accounting.total.failed > 0) {
        return refuse(`${replay.accounting.total.failed} object(s) failed to arrive in green.`, fix);
      }
      const missing = replay.left?.missing ?? [];
      if (missing.length > 0) {
        return refuse(`${missing.length} object(s) that were left to their deployers hadn't come on green.`, fix);
      }
      if (parity?.green.clusterId === green?.clusterId && parity && parity.differences.length > 0) {
        return refuse(
          `Parity found ${parity.differences.length} undeclared difference(s) between blue and green.`,
          fix,
        );
      }
      return undefined;
    },
  },
  smokeRun: {
    id: "smoke-missing",
    check: ({ smoke, plan }) => {
      const fix = "clustershift smoke";
      if (!smoke) return refuse("No smoke test has been run.", fix);
      if (smoke.planHash !== plan?.hash) return refuse("The latest smoke test was run for another plan.", fix);
      return undefined;
    },
  },
  smokeOfThisGreen: {
    id: "smoke-other-green",
    check: ({ smoke, green }) =>
      smoke && smoke.green.clusterId !== green?.clusterId
        ? refuse("The latest smoke test was of another green cluster.", "clustershift smoke")
        : undefined,
  },
  smokePassed: {
    id: "smoke-failed",
    check: ({ smoke }) => {
      if (!smoke) return undefined;
      const fix = "Mend green, then: clustershift smoke";
      if (smoke.checks.length === 0) {
        return refuse(
          "The latest smoke test had no checks.",
          "Add smoke.checks to clustershift.yaml: clustershift plan",
        );
      }
      const bad = smoke.checks.filter((check) => check.outcome !== "passed").map((check) => check.name);
      if (bad.length > 0) return refuse(`The latest smoke test failed: ${bad.join(", ")}.`, fix);
      return smoke.passed ? undefined : refuse("The latest smoke test says that it failed.", fix);
    },
  },
  smokeFresh: {
    id: "smoke-stale",
    check: ({ smoke, green, replay, now }, { smokeMaxAge }) => {
      if (!smoke) return undefined;
      const fix = "clustershift smoke";
      const at = Date.parse(smoke.at);
      const age = now - at;
      if (Number.isNaN(age)) return refuse(`The latest smoke test has no time: ${smoke.at}.`, fix);
      if (age < 0) return refuse(`The latest smoke test is ${formatDuration(-age)} in the future.`, fix);
      if (age > smokeMaxAge) {
        return refuse(
          `The latest smoke test is ${formatDuration(age)} old; evidence may be ${formatDuration(smokeMaxAge)} old.`,
          fix,
        );
      }
      if (replay && !(Date.parse(replay.at) <= at)) return refuse("Green was replayed into since the smoke test.", fix);
      if (green && !(Date.parse(green.readyAt) <= at)) return refuse("Green was changed since the smoke test.", fix);
      return undefined;
    },
  },
  ttlLowered: {
    id: "ttl-not-lowered",
    check: ({ journal, now }, { ttl }) => {
      if (ttl === undefined || trafficState(journal).at !== "blue") return undefined;
      const lowered = loweredTtl(journal);
      if (!lowered || lowered.ttlMs > ttl) {
        return refuse(
          `The records' TTLs have not been lowered to ${formatDuration(ttl)} yet (traffic.ttl).`,
          "clustershift prepare",
        );
      }
      const left = Date.parse(lowered.oldTtlEnds) - now;
      return left <= 0
        ? undefined
        : refuse(
            `Resolvers may hold answers with the old TTL until ${lowered.oldTtlEnds}, for ${formatDuration(left)}.`,
            "clustershift prepare --wait",
          );
    },
  },
  trafficAtBlue: {
    id: "traffic-moved",
    check: ({ journal }) =>
      trafficState(journal).at === "blue"
        ? undefined
        : refuse("Green already gets traffic.", "Move it back first: clustershift rollback"),
  },
  trafficAtGreen: {
    id: "green-not-serving",
    check: ({ journal }) =>
      trafficState(journal).at === "green"
        ? undefined
        : refuse("Green doesn't serve all traffic yet.", "clustershift cutover"),
  },
  soaked: {
    id: "soak-not-over",
    check: ({ journal, now }, { soak }) => {
      const state = trafficState(journal);
      // Also where green-not-serving is overridden: that says nothing of the soak time.
      if (state.at !== "green")
        return refuse("The soak time begins when green serves everything.", "clustershift cutover");
      const left = Date.parse(state.since) + soak - now;
      return left <= 0
        ? undefined
        : refuse(
            `Green has served everything since ${state.since}; the soak time of ${formatDuration(soak)} has ${formatDuration(left)} left.`,
            "Run the same command again when it is over.",
          );
    },
  },
  notFinished: {
    id: "run-finished",
    check: ({ journal }) =>
      isFinished(journal)
        ? refuse("This run has ended: blue is gone.", "Begin the next one: clustershift plan")
        : undefined,
  },
} as const satisfies Record<string, Gate>;

const agreed = [
  gates.notFinished,
  gates.planExists,
  gates.approved,
  gates.planIntact,
  gates.approvalFits,
  gates.notBlocked,
];
const arrived = [gates.greenStands, gates.bundleVerified, gates.rehearsed, gates.replayed];
const smoked = [gates.smokeRun, gates.smokeOfThisGreen, gates.smokePassed, gates.smokeFresh];

/** Which gates hold which command, in the order in which they are checked. */
export const gatesOf = {
  approve: [gates.notFinished, gates.planExists, gates.planIntact, gates.notBlocked],
  up: [...agreed, gates.trafficAtBlue],
  export: [gates.notFinished, gates.planExists],
  prepare: [...agreed, gates.trafficAtBlue],
  rehearse: [gates.notFinished, gates.planExists, gates.bundleVerified],
  migrate: [...agreed, gates.greenStands, gates.bundleVerified, gates.rehearsed, gates.trafficAtBlue],
  smoke: [gates.notFinished, gates.planExists, gates.greenStands],
  cutover: [...agreed, ...arrived, ...smoked, gates.ttlLowered, gates.insideWindow],
  teardown: [...agreed, gates.greenStands, gates.bundleVerified, gates.trafficAtGreen, gates.soaked],
} as const satisfies Record<string, readonly Gate[]>;

export type GatedCommand = keyof typeof gatesOf;

export interface GateResult {
  gate: Gate;
  refusal: Refusal | undefined;
}

export function checkGates(command: GatedCommand, evidence: Evidence, limits: Limits): GateResult[] {
  return gatesOf[command].map((gate: Gate) => ({ gate, refusal: gate.check(evidence, limits) }));
}

/**
 * Throws the first refusal as a UserError, unless `force` names exactly that gate; UserError `usage` where it names none.
 * Returns the gates that were forced, for the journal.
 */
export function requireGates(results: readonly GateResult[], force?: string): GateResult[] {
  if (force !== undefined && !results.some(({ gate }) => gate.id === force)) {
    throw new UserError({
      code: "usage",
      what: `--force ${force} names no gate of this command.`,
      fix: `Its gates are: ${[...new Set(results.map(({ gate }) => gate.id))].join(", ")}.`,
    });
  }
  const refused = results.filter((result) => result.refusal);
  const blocking = refused.find((result) => result.gate.id !== force);
  if (blocking?.refusal) {
    throw new UserError({ code: blocking.gate.id, what: blocking.refusal.what, fix: blocking.refusal.fix });
  }
  return refused;
}
