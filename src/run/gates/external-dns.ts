import { isStoppedFirst } from "../../model/exclusive.js";
import type { DnsWriter } from "../../model/external-dns.js";
import { refKey } from "../../model/objects.js";
import { deadBlue } from "../dead-blue.js";
import { type Gate, refuse } from "./gate.js";

/** Nobody else writes the names that move: what the shift writes would be gone at an external-dns's next look. */
export const externalDnsGates = {
  externalDnsQuiet: {
    id: "external-dns-active",
    check: ({ dns, plan, health }) => {
      if (!plan) return undefined;
      if (!dns)
        return refuse("Nobody looked whether an external-dns writes the names that move.", "clustershift cutover");
      if (dns.error !== undefined) {
        return refuse(
          `It can't be told whether an external-dns writes the names that move (${dns.error.replace(/\.$/, "")}).`,
          "Mend what keeps it from being seen, then: clustershift cutover",
        );
      }
      // What may run on a blue that can't be asked is another gate's.
      const isDead = deadBlue({ plan, health }) !== undefined;
      const isElsewhere = (object: DnsWriter["object"]) => isDead || isStoppedFirst(object, plan.exclusive);
      const running = dns.writers.filter(
        ({ cluster, object, runs }) => runs && !(cluster === "blue" && isElsewhere(object)),
      );
      if (running.length === 0) return undefined;
      return refuse(
        running.map(described).join(" "),
        `Stop it for as long as the cutover takes: ${running.map(stopping).join("; ")}. Then: clustershift cutover. Blue's may also be stopped by the cutover itself: workloads.exclusive.`,
      );
    },
  },
} as const satisfies Record<string, Gate>;

function described({ cluster, object, policy, names, why }: DnsWriter): string {
  return `${cluster === "blue" ? "Blue" : "Green"}'s ${refKey(object)} runs with --policy=${policy} and would write over ${names.join(", ")}: it ${why}.`;
}

function stopping({ cluster, object: { kind, namespace = "default", name } }: DnsWriter): string {
  return `kubectl --context ${cluster.toUpperCase()} --namespace ${namespace} scale ${kind.toLowerCase()}/${name} --replicas=0`;
}
