import { UserError } from "../../../model/errors.js";
import type { Journal } from "../../../model/journal.js";
import type { HoldOutcome } from "../../../replay/holds/release.js";
import type { Evidence } from "../../../run/evidence.js";
import type { RunFolder } from "../../../run/run-folder.js";
import { connectGreen } from "../clusters.js";
import type { Context } from "../command.js";
import { describeLowered, type Lowered } from "../floors.js";
import { describeOutcomes, holdEdges, releasable, releaseHeld } from "../holds.js";
import type { Project } from "../project.js";

/** Green has soaked by now, and its autoscalers know its own load: from here on they decide again. */
export function requireLowered(lowered: Lowered): void {
  if (!lowered.trouble && lowered.outcomes.every(({ outcome }) => outcome !== "failed")) return;
  throw new UserError({
    code: "effect-failed",
    what: ["Green's floors could not all be put back; blue was not touched.", ...describeLowered(lowered)].join("\n"),
    fix: "Mend what refuses, or put them back by hand; the same command then goes on.",
  });
}

/** What blue did alone until now, green does from here on; and what a cutover couldn't release. */
export async function releaseLast(
  project: Project,
  run: RunFolder,
  { green: record, held }: Evidence,
  journal: Journal,
  context: Context,
): Promise<HoldOutcome[]> {
  const ends = ["cutover", "teardown"] as const;
  if (!record || releasable(held, journal, ends, record.clusterId).length === 0) return [];
  const green = await connectGreen(project, run, record, context);
  try {
    const released = await releaseHeld(held, ends, record.clusterId, holdEdges(green, journal, context));
    const failed = released.filter(({ outcome }) => outcome === "failed");
    if (failed.length === 0) return released;
    throw new UserError({
      code: "effect-failed",
      what: ["Blue is gone, but green refuses to release:", ...describeOutcomes(failed, "released").slice(1)].join(
        "\n",
      ),
      fix: "Mend what refuses, or release them by hand; the same command then goes on.",
    });
  } finally {
    await green.close();
  }
}
