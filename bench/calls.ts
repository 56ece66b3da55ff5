import type { AwsFront } from "../src/sandbox/aws/front.js";

/** AWS calls by `service/action`. */
export type Calls = Record<string, number>;

/** Counts from now on; each call of what it returns gives what came since. */
export function countCalls(front: AwsFront): () => Calls {
  const before = front.counts();
  return () => {
    const changed = Object.entries(front.counts()).map(([key, count]) => [key, count - (before[key] ?? 0)] as const);
    return Object.fromEntries(changed.filter(([, count]) => count > 0));
  };
}

export function sumCalls(calls: Calls): number {
  return Object.values(calls).reduce((total, count) => total + count, 0);
}

/** `2 GetChange, 5 ListResourceRecordSets` */
export function describeCalls(calls: Calls): string {
  return Object.entries(calls)
    .filter(([, count]) => count > 0)
    .map(([key, count]) => `${count} ${key.slice(key.indexOf("/") + 1)}`)
    .sort()
    .join(", ");
}
