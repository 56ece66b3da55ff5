import type { KubeObject } from "./objects.js";

/** Whether it is a Service with a load balancer of its own. */
export function isBalanced({ kind, spec }: KubeObject): boolean {
  return kind === "Service" && (spec as { type?: unknown } | undefined)?.type === "LoadBalancer";
}
