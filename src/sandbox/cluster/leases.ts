import type { KubeObject } from "../../model/objects.js";

/**
 * kwok plays the kubelet only for nodes whose lease it holds. A broken node's lease is held by the node itself, so kwok leaves it
 * alone: its pods stay Pending.
 */
export const leasesPath = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";

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
