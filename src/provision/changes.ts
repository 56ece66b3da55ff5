import type { ChangeKind, StackChange } from "../model/stack-change.js";
import { shown, valueAt } from "./paths.js";

/** Whether anything at all would change. */
export function isIdle(changes: readonly StackChange[]): boolean {
  return changes.every(({ kind }) => kind === "same");
}

/** What would be lost: resources that go, or that are made anew. */
export function losses(changes: readonly StackChange[]): StackChange[] {
  return changes.filter(({ kind }) => kind === "replace" || kind === "delete");
}

/** `replace prod-1-35 (aws:eks/cluster:Cluster): kubernetesNetworkConfig.serviceIpv4Cidr 10.100.0.0/16 -> 172.20.0.0/16` */
export function describeLoss({ kind, name, type, because, before, after, isProtected }: StackChange): string {
  const causes = because.map((path) => `${path} ${shown(valueAt(before, path))} -> ${shown(valueAt(after, path))}`);
  const why = kind === "delete" ? "it isn't in the stack any more" : causes.join("; ") || "its provider asks for it";
  return `${kind.padEnd(7)} ${name} (${type}): ${why}${isProtected ? "; it is protected" : ""}`;
}

const order: readonly ChangeKind[] = ["create", "update", "replace", "delete", "same"];

/** `create 41, same 3`, with what is nothing left out. */
export function describeCounts(changes: readonly StackChange[]): string {
  const counts = order.map((kind) => [kind, changes.filter((change) => change.kind === kind).length] as const);
  return (
    counts
      .filter(([, count]) => count > 0)
      .map(([kind, count]) => `${kind} ${count}`)
      .join(", ") || "nothing"
  );
}
