import type { Phase } from "../model/run.js";
import { type Evidence, isFinished, type TrafficState, trafficState } from "./evidence.js";
import { checkGates, type Gate, type GatedCommand, gates, type Limits } from "./gates.js";

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
  const { plan, bundle, journal } = evidence;
  const hold = (...asked: Gate[]): boolean => asked.every((gate) => !gate.check(evidence, limits));
  const holds: [Phase, boolean][] = [
    ["plan", plan !== undefined],
    ["approve", hold(gates.planExists, gates.approved, gates.planIntact, gates.approvalFits)],
    ["up", hold(gates.greenStands)],
    ["export", bundle !== undefined],
    ["rehearse", hold(gates.rehearsed)],
    ["migrate", hold(gates.replayed)],
    // Not smokeFresh: what was tested stays tested, and a test grown old is what holds the cutover back.
    ["smoke", hold(gates.smokeRun, gates.smokeOfThisGreen, gates.smokePassed)],
    ["cutover", hold(gates.trafficAtGreen)],
    ["soak", hold(gates.soaked)],
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
  const held = command === "plan" ? [] : refusals(command, evidence, limits);
  return {
    phase,
    done,
    traffic: traffic.at,
    held,
    next: phase === "soak" ? `Wait for the soak time, then: ${commands.teardown}` : (held[0]?.fix ?? commands[phase]),
    wayBack:
      traffic.at === "blue"
        ? "Nothing to go back from: blue serves, and was not changed."
        : "clustershift rollback (exact, any time before teardown ends)",
  };
}

function refusals(command: GatedCommand, evidence: Evidence, limits: Limits): Status["held"] {
  return checkGates(command, evidence, limits).flatMap(({ gate, refusal }) =>
    refusal ? [{ gate: gate.id, ...refusal }] : [],
  );
}

function currentPhase(done: Phase[], traffic: TrafficState): Phase {
  if (traffic.at === "between") return "cutover";
  if (traffic.at === "green") return done.includes("soak") ? "teardown" : "soak";
  const order: Phase[] = ["plan", "approve", "up", "export", "rehearse", "migrate", "smoke", "cutover"];
  return order.find((phase) => !done.includes(phase)) ?? "cutover";
}
