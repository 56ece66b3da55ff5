import { messageOf } from "../model/errors.js";
import type { CheckResult } from "../model/smoke.js";
import { type ClusterCheck, type Expected, inconclusive, type Outcome } from "./check.js";
import { controllers, dns, version } from "./checks/api.js";
import { nodesAtEase, nodesInPlace } from "./checks/nodes.js";
import { systemPods, systemWorkloads } from "./checks/system.js";
import { type SnapshotEdges, takeSnapshot } from "./snapshot.js";

/** Every check of what the cluster itself shows: register a new one here. */
const clusterChecks: readonly ClusterCheck[] = [
  version,
  nodesInPlace,
  nodesAtEase,
  controllers,
  systemWorkloads,
  systemPods,
  dns,
];

/** A check that asks somebody else than the cluster; what it throws is inconclusive. */
export interface OutsideCheck {
  name: string;
  kind: string;
  ask(): Promise<Outcome>;
}

export interface LookEdges extends SnapshotEdges {
  outside: readonly OutsideCheck[];
}

/** Looks at green once. Never throws, but the signal's reason: where the API doesn't answer, that is what the look shows. */
export async function lookAtGreen(expected: Expected, edges: LookEdges): Promise<CheckResult[]> {
  const started = edges.now();
  const timed = (name: string, kind: string, outcome: Outcome): CheckResult => ({
    name,
    kind,
    ...outcome,
    ms: edges.now() - started,
  });
  const [snapshot, ...outside] = await Promise.all([
    takeSnapshot(edges).catch((error: unknown) => messageOf(error)),
    ...edges.outside.map(async (each) => timed(each.name, each.kind, await askOutside(each))),
  ]);
  edges.signal?.throwIfAborted();
  const own =
    typeof snapshot === "string"
      ? [timed("API", "cluster", { outcome: "failed", detail: snapshot })]
      : clusterChecks.map(({ name, check }) => timed(name, "cluster", check(snapshot, expected)));
  return [...own, ...outside];
}

/** Asks, and takes what it throws for no answer. */
export function askOutside({ ask }: OutsideCheck): Promise<Outcome> {
  return ask().catch((error: unknown) => inconclusive(`It could not be asked: ${messageOf(error)}`));
}
