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
  /** Objects that are released when green serves, and when blue is gone. */
  held: { cutover: number; teardown: number };
  /** Workloads that are stopped on blue, before any traffic moves and once green serves. */
  exclusive: { first: number; later: number };
  /** Claims by what becomes of their volumes, as far as something is done. */
  volumes: { copy: number; handOver: number; shared: number };
  /** What was asked for right before blue is removed. */
  before: { drain: boolean; snapshots: boolean };
}

/** Everything that will be done, in order, each with its way back. */
export function stepsOf(inputs: StepInputs): PlannedStep[] {
  const {
    blue,
    green,
    greenVersion,
    objects,
    checks,
    records,
    addresses,
    shares,
    soak,
    held,
    exclusive,
    volumes,
    before,
  } = inputs;
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
    ...(volumes.shared > 0 ? [mounted(volumes.shared, green)] : []),
    ...(volumes.copy > 0 ? [copiedAhead(volumes.copy)] : []),
    {
      phase: "smoke",
      what: `Run ${checks} checks against ${green} under production's names`,
      touches: "green",
      undo: "Nothing to undo",
    },
  ];
  if (exclusive.first > 0) steps.push(stoppedOnBlue(exclusive.first, blue));
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
  if (exclusive.later > 0) steps.push(stoppedOnBlue(exclusive.later, blue));
  if (volumes.copy > 0) steps.push(copied(volumes.copy, green));
  if (volumes.handOver > 0) steps.push(handedOver(volumes.handOver, green));
  if (held.cutover > 0) {
    steps.push({
      phase: "cutover",
      what: `Release ${held.cutover} object(s) on ${green} that were kept from acting until now`,
      touches: "green",
      undo: "Hold them again, as clustershift rollback does",
    });
  }
  steps.push(
    {
      phase: "soak",
      what: `Let green serve everything for ${soak}`,
      touches: "nothing",
      undo: "clustershift rollback",
    },
    ...(before.drain ? [drained(blue)] : []),
    ...(before.snapshots ? [snapshotted(blue)] : []),
    {
      phase: "teardown",
      what: `Remove ${blue}, after its name was given as confirmation`,
      touches: "blue",
      undo: "None: blue is gone; the bundle stays",
    },
  );
  if (held.teardown > 0) {
    steps.push({
      phase: "teardown",
      what: `Release ${held.teardown} object(s) on ${green} that were kept from acting as long as ${blue} did`,
      touches: "green",
      undo: "By hand: scale them to 0, or suspend them",
    });
  }
  return steps;
}

function drained(blue: string): PlannedStep {
  return {
    phase: "teardown",
    what: `Delete ${blue}'s Services of type LoadBalancer, and Ingresses of the AWS Load Balancer Controller, so that their load balancers go`,
    touches: "blue",
    undo: "None: blue is about to be removed",
  };
}

function snapshotted(blue: string): PlannedStep {
  return {
    phase: "teardown",
    what: `Take a final snapshot of each volume of ${blue}'s PersistentVolumes`,
    touches: "nothing",
    undo: "Delete the snapshots",
  };
}

function mounted(count: number, green: string): PlannedStep {
  return {
    phase: "migrate",
    what: `Give ${count} claim(s) of shared file systems volumes on ${green} that stand for the same ones`,
    touches: "green",
    undo: "Destroy green's stack: the file systems stay, as blue's volumes do",
  };
}

function copiedAhead(count: number): PlannedStep {
  return {
    phase: "migrate",
    what: `clustershift volumes sync, as often as you like: snapshots of ${count} volume(s), so that the last one is small`,
    touches: "nothing",
    undo: "Delete the snapshots",
  };
}

function copied(count: number, green: string): PlannedStep {
  return {
    phase: "cutover",
    what: `Copy ${count} volume(s): the last snapshots, new volumes of them, bound to ${green}'s claims`,
    touches: "green",
    undo: "Blue's own volumes were not touched; the copies are kept",
  };
}

function handedOver(count: number, green: string): PlannedStep {
  return {
    phase: "cutover",
    what: `Hand ${count} volume(s) over: bound to ${green}'s claims, once blue has let go of them`,
    touches: "green",
    undo: "Green's workloads are held again, and blue's take the volumes once green has let go of them",
  };
}

function stoppedOnBlue(count: number, blue: string): PlannedStep {
  return {
    phase: "cutover",
    what: `Stop ${count} exclusive workload(s) on ${blue}, the only writes to it, and wait until their Pods and Jobs have ended`,
    touches: "blue",
    undo: "Start them again as they were, as clustershift rollback does once green's are held",
  };
}
