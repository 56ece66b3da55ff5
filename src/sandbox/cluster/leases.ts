import { setTimeout as sleep } from "node:timers/promises";
import type { KubeObject } from "../../model/objects.js";
import type { Api } from "./api.js";

/**
 * kwok plays the kubelet only for nodes whose lease it holds. A broken node's lease is held by the node itself, so kwok leaves it
 * alone: its pods stay Pending.
 */
export const leasesPath = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";

/** How long kwok may take to notice what became of a lease, in milliseconds: it looks every five seconds. */
const patience = 20_000;

/** The lease runs for an hour, so a daemon that pauses doesn't mend anything; a node is NotReady long before. */
const leaseSeconds = 3_600;

export interface Lease extends KubeObject {
  spec: { holderIdentity?: string };
}

/** A node's lease that the node holds itself. */
export function leaseOf(name: string): Lease {
  const spec = { holderIdentity: name, leaseDurationSeconds: leaseSeconds, renewTime: microTime(new Date()) };
  return { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name }, spec };
}

/** Kubernetes' MicroTime has six digits of a second. */
export function microTime(time: Date): string {
  return time.toISOString().replace("Z", "000Z");
}

/** Waits until kwok holds the leases of these nodes, or for as long as that may take. */
export async function untilTaken(api: Api, names: readonly string[]): Promise<void> {
  const deadline = performance.now() + patience;
  for (;;) {
    const { items } = (await api("GET", leasesPath)) as { items: Lease[] };
    const holders = new Map(items.map(({ metadata, spec }) => [metadata.name, spec.holderIdentity]));
    const isTaken = (name: string) => ![undefined, name].includes(holders.get(name));
    if (names.every(isTaken) || performance.now() >= deadline) return;
    await sleep(100);
  }
}
