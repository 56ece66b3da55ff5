import { formatDuration } from "../../model/duration.js";
import { type Gate, refuse } from "./gate.js";

/** Green was tried as users would, lately. */
export const smokeGates = {
  smokeRun: {
    id: "smoke-missing",
    check: ({ smoke, plan }) => {
      const fix = "clustershift smoke";
      if (!smoke) return refuse("No smoke test has been run.", fix);
      if (smoke.planHash !== plan?.hash) return refuse("The latest smoke test was run for another plan.", fix);
      return undefined;
    },
  },
  smokeOfThisGreen: {
    id: "smoke-other-green",
    check: ({ smoke, green }) =>
      smoke && smoke.green.clusterId !== green?.clusterId
        ? refuse("The latest smoke test was of another green cluster.", "clustershift smoke")
        : undefined,
  },
  smokePassed: {
    id: "smoke-failed",
    check: ({ smoke }) => {
      if (!smoke) return undefined;
      const fix = "Mend green, then: clustershift smoke";
      if (smoke.checks.length === 0) {
        return refuse(
          "The latest smoke test had no checks.",
          "Add smoke.checks to clustershift.yaml: clustershift plan",
        );
      }
      const bad = smoke.checks.filter((check) => check.outcome !== "passed").map((check) => check.name);
      if (bad.length > 0) return refuse(`The latest smoke test failed: ${bad.join(", ")}.`, fix);
      return smoke.passed ? undefined : refuse("The latest smoke test says that it failed.", fix);
    },
  },
  smokeFresh: {
    id: "smoke-stale",
    check: ({ smoke, green, replay, now }, { smokeMaxAge }) => {
      if (!smoke) return undefined;
      const fix = "clustershift smoke";
      const at = Date.parse(smoke.at);
      const age = now - at;
      if (Number.isNaN(age)) return refuse(`The latest smoke test has no time: ${smoke.at}.`, fix);
      if (age < 0) return refuse(`The latest smoke test is ${formatDuration(-age)} in the future.`, fix);
      if (age > smokeMaxAge) {
        return refuse(
          `The latest smoke test is ${formatDuration(age)} old; evidence may be ${formatDuration(smokeMaxAge)} old.`,
          fix,
        );
      }
      if (replay && !(Date.parse(replay.at) <= at)) return refuse("Green was replayed into since the smoke test.", fix);
      if (green && !(Date.parse(green.readyAt) <= at)) return refuse("Green was changed since the smoke test.", fix);
      return undefined;
    },
  },
} as const satisfies Record<string, Gate>;
