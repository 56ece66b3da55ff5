import { formatDuration } from "../../model/duration.js";
import { handOver, standingAnywhere } from "../../model/edit.js";
import { type Evidence, loweredTtl, trafficState } from "../evidence.js";
import { type Gate, type Refusal, refuse } from "./gate.js";

/** Taken for how blue is, what the hand-over stopped would be written down so, and come to green for good. */
function stoppedOnBlue(journal: Evidence["journal"]): Refusal | undefined {
  return standingAnywhere(journal, handOver).length > 0
    ? refuse("Exclusive workloads are stopped on blue.", "Start them again first: clustershift rollback")
    : undefined;
}

/** Where traffic is, and whether it may be moved. */
export const trafficGates = {
  ttlLowered: {
    id: "ttl-not-lowered",
    check: ({ journal, now }, { ttl }) => {
      if (ttl === undefined || trafficState(journal).at !== "blue") return undefined;
      const lowered = loweredTtl(journal);
      if (!lowered || lowered.ttlMs > ttl) {
        return refuse(
          `The records' TTLs have not been lowered to ${formatDuration(ttl)} yet (traffic.ttl).`,
          "clustershift prepare",
        );
      }
      const left = Date.parse(lowered.oldTtlEnds) - now;
      return left <= 0
        ? undefined
        : refuse(
            `Resolvers may hold answers with the old TTL until ${lowered.oldTtlEnds}, for ${formatDuration(left)}.`,
            "clustershift prepare --wait",
          );
    },
  },
  trafficAtBlue: {
    id: "traffic-moved",
    check: ({ journal }) => {
      if (trafficState(journal).at !== "blue")
        return refuse("Green already gets traffic.", "Move it back first: clustershift rollback");
      return stoppedOnBlue(journal);
    },
  },
  blueRuns: { id: "traffic-moved", check: ({ journal }) => stoppedOnBlue(journal) },
  trafficAtGreen: {
    id: "green-not-serving",
    check: ({ journal }) =>
      trafficState(journal).at === "green"
        ? undefined
        : refuse("Green doesn't serve all traffic yet.", "clustershift cutover"),
  },
  soaked: {
    id: "soak-not-over",
    check: ({ journal, now }, { soak }) => {
      const state = trafficState(journal);
      // Also where green-not-serving is overridden: that says nothing of the soak time.
      if (state.at !== "green")
        return refuse("The soak time begins when green serves everything.", "clustershift cutover");
      const left = Date.parse(state.since) + soak - now;
      return left <= 0
        ? undefined
        : refuse(
            `Green has served everything since ${state.since}; the soak time of ${formatDuration(soak)} has ${formatDuration(left)} left.`,
            "Run the same command again when it is over.",
          );
    },
  },
} as const satisfies Record<string, Gate>;
