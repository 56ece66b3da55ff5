import { type HealthLook, illnessOf } from "../../model/health.js";
import { type Gate, refuse } from "./gate.js";

const isSilent = (looks: readonly HealthLook[] | undefined): boolean => looks?.at(-1)?.silent === true;

/** Both clusters are whole: green to serve, and blue to go back to. They are looked at last, and just now. */
export const healthGates = {
  blueHealthy: {
    id: "blue-unhealthy",
    check: ({ health, plan }, { health: rules }) => {
      // Nothing leads back to a blue that is dead already.
      if (!plan || plan.archive) return undefined;
      const why = illnessOf(health?.blue, rules, plan.blue.clusterId);
      return why === undefined
        ? undefined
        : refuse(
            `Blue isn't healthy: ${why}.`,
            `Mend blue, as the way back leads there; then: clustershift cutover${isSilent(health?.blue) ? `. Or, where it is dead, go by what is left of it: clustershift plan --from runs/${plan.run}/bundle` : ""}`,
          );
    },
  },
  greenHealthy: {
    id: "green-unhealthy",
    check: ({ health, green }, { health: rules }) => {
      if (!green) return undefined;
      const why = illnessOf(health?.green, rules, green.clusterId);
      return why === undefined
        ? undefined
        : refuse(`Green isn't healthy: ${why}.`, "Mend green, then: clustershift smoke && clustershift cutover");
    },
  },
} as const satisfies Record<string, Gate>;
