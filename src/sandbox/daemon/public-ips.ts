import type { ClusterRecord } from "../clusters.js";
import type { ElasticIps } from "../edge/elastic-ips.js";

/**
 * Elastic IPs and the instances' own public addresses as one: both lead to an instance. `changed` says that clusters came
 * or went; closing stays with the Elastic IPs.
 */
export function withPublicIps(
  elasticIps: ElasticIps,
  clusters: () => ClusterRecord[],
): { addresses: ElasticIps; changed(): void } {
  const listeners: (() => void)[] = [];
  return {
    addresses: {
      current: () =>
        new Map([...elasticIps.current(), ...clusters().flatMap(({ publicIps }) => Object.entries(publicIps))]),
      onChange(listener) {
        listeners.push(listener);
        elasticIps.onChange(listener);
      },
      close: () => elasticIps.close(),
    },
    changed: () => {
      for (const listener of listeners) listener();
    },
  };
}
