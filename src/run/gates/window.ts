import { formatDuration } from "../../model/duration.js";
import { type Gate, refuse } from "./gate.js";

/** Now is a time that was agreed on. */
export const windowGates = {
  insideWindow: {
    id: "outside-window",
    check: ({ plan, now }) => {
      const window = plan?.window;
      if (!window) return undefined;
      const opens = Date.parse(window.opens);
      const closes = Date.parse(window.closes);
      if (Number.isNaN(opens) || Number.isNaN(closes)) {
        return refuse(
          `The plan's window can't be read: ${window.opens} to ${window.closes}.`,
          "Set window in clustershift.yaml, then: clustershift plan && clustershift approve --by NAME",
        );
      }
      if (now < opens) {
        return refuse(
          `The maintenance window opens at ${window.opens}, in ${formatDuration(opens - now)}.`,
          "Wait until it opens, or change window in clustershift.yaml, plan and approve again.",
        );
      }
      if (now >= closes) {
        return refuse(
          `The maintenance window closed at ${window.closes}.`,
          "Set the next window in clustershift.yaml, then plan and approve again.",
        );
      }
      return undefined;
    },
  },
} as const satisfies Record<string, Gate>;
