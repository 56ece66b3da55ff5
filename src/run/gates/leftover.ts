import { formatDuration } from "../../model/duration.js";
import { blueIsGoing, blueIsGone, trafficState } from "../evidence.js";
import { type Gate, refuse } from "./gate.js";

const fix = "clustershift leftover --until-zero";

/** Nobody talks to blue any more, where it is configured how that is seen. */
export const leftoverGates = {
  blueQuiet: {
    id: "blue-still-serves",
    check: ({ leftover, journal, now }, { leftover: limits }) => {
      if (limits.sources.length === 0) return undefined;
      // What is being removed can't be measured any more.
      if (blueIsGone(journal) || blueIsGoing(journal) !== undefined) return undefined;
      if (!leftover) return refuse("Nobody has measured who still talks to blue.", fix);
      const unasked = limits.sources.filter((name) => !leftover.sources.some((source) => source.name === name));
      if (unasked.length > 0) return refuse(`The latest measurement of blue lacks ${unasked.join(", ")}.`, fix);
      const age = now - Date.parse(leftover.at);
      if (!(age >= 0)) return refuse(`The latest measurement of blue has a time that can't be: ${leftover.at}.`, fix);
      const loud = leftover.sources.filter(({ outcome }) => outcome !== "quiet");
      if (loud.length > 0 || leftover.quietSince === null) {
        return refuse(
          `Blue isn't quiet. ${loud.map(({ name, detail }) => `${name}: ${detail}`).join(" ")}`.trim(),
          fix,
        );
      }
      if (age > limits.maxAge) {
        const most = formatDuration(limits.maxAge);
        return refuse(`The latest measurement of blue is ${formatDuration(age)} old; it may be ${most} old.`, fix);
      }
      const state = trafficState(journal);
      // What was quiet before green served says nothing of those who stayed.
      const from = Math.max(Date.parse(leftover.quietSince), state.at === "green" ? Date.parse(state.since) : 0);
      const quiet = Date.parse(leftover.at) - from;
      if (quiet >= limits.quietFor) return undefined;
      const needed = formatDuration(limits.quietFor);
      return refuse(
        `Blue was measured quiet for ${formatDuration(Math.max(0, quiet))}; it must be for ${needed}.`,
        fix,
      );
    },
  },
} as const satisfies Record<string, Gate>;
