import type { ResourceRecordSet } from "@aws-sdk/client-route-53";

/**
 * The one set of a name and type that answers a query. A weight of 0 is never picked, unless all are 0: then all are
 * picked alike (docs of Route 53, "Values specific for weighted records"). Sets with another routing policy count alike.
 * @param random uniform in [0, 1)
 */
export function pick(sets: ResourceRecordSet[], random: () => number): ResourceRecordSet | undefined {
  const weights = sets.map(({ Weight }) => Weight ?? 1);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return sets[Math.floor(random() * sets.length)];
  let left = random() * total;
  return sets.find((_, index) => {
    const weight = weights[index] ?? 0;
    left -= weight;
    return weight > 0 && left < 0;
  });
}
