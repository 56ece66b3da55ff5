import type { PlannedStep } from "../model/plan.js";

export interface StepInputs {
  blue: string;
  green: string;
  greenVersion: string;
  objects: number;
  checks: number;
  records: number;
  addresses: number;
  /** Green's share after each step, percent. */
  shares: number[];
  soak: string;
}

/** Everything that will be done, in order, each with its way back. */
export function stepsOf(inputs: StepInputs): PlannedStep[] {
  const { blue, green, greenVersion, objects, checks, records, addresses, shares, soak } = inputs;
  const steps: PlannedStep[] = [
    {
      phase: "up",
      what: `Stand up ${green}, Kubernetes ${greenVersion}, beside ${blue}`,
      touches: "green",
      undo: "Destroy green's stack",
    },
    {
      phase: "export",
      what: `Export all ${objects} objects of ${blue}, Secrets encrypted, and verify them`,
      touches: "blue (read)",
      undo: "Delete the bundle",
    },
    {
      phase: "rehearse",
      what: `Replay the bundle into a throw-away control plane of ${greenVersion}`,
      touches: "nothing",
      undo: "It is gone already",
    },
    {
      phase: "migrate",
      what: `Replay the bundle into ${green}, and account for every object`,
      touches: "green",
      undo: "Destroy green's stack",
    },
    {
      phase: "smoke",
      what: `Run ${checks} checks against ${green} under production's names`,
      touches: "green",
      undo: "Nothing to undo",
    },
  ];
  if (records > 0) {
    for (const share of shares) {
      steps.push({
        phase: "cutover",
        what: `Give green ${share} % of the answers of ${records} DNS name(s); wait; check`,
        touches: "traffic",
        undo: "Write the recorded record sets back, in one change for each zone",
      });
    }
  }
  if (addresses > 0) {
    steps.push({
      phase: "cutover",
      what: `Associate ${addresses} Elastic IP(s) with green's instances, zone by zone; check`,
      touches: "traffic",
      undo: "Associate each with the instance and address that it had",
    });
  }
  steps.push(
    {
      phase: "soak",
      what: `Let green serve everything for ${soak}`,
      touches: "nothing",
      undo: "clustershift rollback",
    },
    {
      phase: "teardown",
      what: `Remove ${blue}, after its name was given as confirmation`,
      touches: "blue",
      undo: "None: blue is gone; the bundle stays",
    },
  );
  return steps;
}
