import type { DnsWriter } from "../../model/external-dns.js";
import { type ObjectRef, refKey } from "../../model/objects.js";
import type { Plan } from "../../model/plan.js";
import { deadBlue } from "../dead-blue.js";
import type { Evidence } from "../evidence.js";
import { type Gate, refuse } from "./gate.js";

/** How many are named. */
const mostNamed = 10;

/**
 * Without an API server a cluster's nodes go on with what they run. What two clusters must not run at once can't be stopped on such a
 * blue, so somebody has to answer for its end.
 */
export const deadBlueGates = {
  deadBlueAtRest: {
    id: "blue-may-act",
    check: ({ plan, health, dns }) => {
      if (!plan?.archive) return undefined;
      const acting = mayAct(plan, dns).map(refKey);
      if (acting.length === 0) return undefined;
      if (!health)
        return refuse("Nobody looked whether blue answers, to stop what is exclusive.", "clustershift cutover");
      const why = deadBlue({ plan, health });
      if (why === undefined) return undefined;
      const more = acting.length - mostNamed;
      return refuse(
        `Blue can't be asked to stop what two clusters must not run at once (${why.replace(/\.$/, "")}), and its nodes may go on with it: ${acting.slice(0, mostNamed).join(", ")}${more > 0 ? ` and ${more} more` : ""}.`,
        'See that none of it runs any more: aws ec2 stop-instances of the nodes that have it. Then: clustershift cutover --force blue-may-act --reason "what you saw"',
      );
    },
  },
} as const satisfies Record<string, Gate>;

/** What the plan lists as exclusive, and an external-dns that would write over the names that move. */
function mayAct(plan: Plan, dns: Evidence["dns"]): ObjectRef[] {
  const writers = dns?.writers.filter(isBlues).map(({ object }) => object) ?? [];
  const all = [...(plan.exclusive ?? []).map(({ object }) => object), ...writers];
  return [...new Map(all.map((object) => [refKey(object), object])).values()];
}

const isBlues = ({ cluster, runs }: DnsWriter): boolean => cluster === "blue" && runs;
