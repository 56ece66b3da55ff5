import type { Phase } from "../model/run.js";
import { type Evidence, isFinished, type TrafficState, trafficState } from "./evidence.js";
import { checkGates, type GatedCommand, type Limits } from "./gates.js";

export interface Status {
  /** The phase that is to come next, or is under way; `finished` once blue is gone. */
  phase: Phase | "finished";
  done: Phase[];
  traffic: TrafficState["at"];
  /** What holds the next phase back, in the gates' words; empty where nothing does. */
  held: { gate: string; what: string; fix: string }[];
  next: string;
  wayBack: string;
}

/** Which phases the evidence shows as done. Each is asked by itself, since a later one can outlive an earlier one. */
function donePhases(evidence: Evidence, limits: Limits): Phase[] {
  const { plan, approval, green, bundle, rehearsal, replay, smoke, journal, now } = evidence;
  const traffic = trafficState(journal);
  const soaked = traffic.at === "green" && now >= Date.parse(traffic.since) + limits.soak;
  const holds: [Phase, boolean][] = [
    ["plan", plan !== undefined],
    ["approve", plan !== undefined && approval?.planHash === plan.hash],
    ["up", green !== undefined],
    ["export", bundle !== undefined],
    ["rehearse", rehearsal !== undefined && rehearsal.bundle === bundle?.hash && rehearsal.refused.length === 0],
    [
      "migrate",
      replay !== undefined && replay.green.clusterId === green?.clusterId && replay.accounting.total.failed === 0,
    ],
    ["smoke", smoke?.passed === true && smoke.green.clusterId === green?.clusterId && smoke.planHash === plan?.hash],
    ["cutover", traffic.at === "green"],
    ["soak", soaked],
    ["teardown", isFinished(journal)],
  ];
  return holds.filter(([, done]) => done).map(([phase]) => phase);
}

const commands: Record<Exclude<Phase, "soak">, string> = {
  plan: "clustershift plan",
  approve: "clustershift approve --by NAME",
  up: "clustershift up",
  export: "clustershift export",
  rehearse: "clustershift rehearse",
  migrate: "clustershift migrate",
  smoke: "clustershift smoke",
  cutover: "clustershift cutover",
  teardown: "clustershift teardown --confirm BLUE",
};

export function statusOf(evidence: Evidence, limits: Limits): Status {
  const traffic = trafficState(evidence.journal);
  const done = donePhases(evidence, limits);
  if (isFinished(evidence.journal)) {
    return {
      phase: "finished",
      done,
      traffic: traffic.at,
      held: [],
      next: "Nothing: green is the next run's blue.",
      wayBack: "None: blue is gone. A bundle of it is in this run's folder.",
    };
  }
  const phase = currentPhase(done, traffic);
  const command = phase === "soak" ? "teardown" : phase;
  return {
    phase,
    done,
    traffic: traffic.at,
    held:
      command === "plan"
        ? []
        : checkGates(command as GatedCommand, evidence, limits).flatMap(({ gate, refusal }) =>
            refusal ? [{ gate: gate.id, ...refusal }] : [],
          ),
    next: phase === "soak" ? `Wait for the soak time, then: ${commands.teardown}` : commands[phase],
    wayBack:
      traffic.at === "blue"
        ? "Nothing to go back from: blue serves, and was not changed."
        : "clustershift rollback (exact, any time before teardown ends)",
  };
}

function currentPhase(done: Phase[], traffic: TrafficState): Phase {
  if (traffic.at === "between") return "cutover";
  if (traffic.at === "green") return done.includes("soak") ? "teardown" : "soak";
  const order: Phase[] = ["plan", "approve", "up", "export", "rehearse", "migrate", "smoke", "cutover"];
  return order.find((phase) => !done.includes(phase)) ?? "cutover";
}
