import { refKey } from "../../model/objects.js";
import type { Plan } from "../../model/plan.js";
import { notRestored, restoredByVelero } from "../../model/restored.js";
import { claimName } from "../../model/volumes.js";
import { loadTransforms } from "../../replay/changes/transforms/index.js";
import type { ConfiguredDeployer } from "../../replay/deployers/configured.js";
import { holdChanges } from "../../replay/holds/index.js";
import type { ReplayRules } from "../../replay/replay.js";
import { rulesWith } from "../../replay/rules/index.js";
import { standard } from "../../replay/standard.js";
import { readJournal } from "../../run/journal.js";
import type { RunFolder } from "../../run/run-folder.js";
import { mountsAnyOf } from "../../volumes/users.js";
import { configuredAdaptations } from "./adaptations.js";
import { milliseconds, type Project } from "./project.js";

/**
 * What decides over blue's objects: ours, and what the team's configuration says of them. `released` are those that act on
 * green already, as `refKey` names them: no hold may stop them. `run` has the plan that says which claims wait for which volumes.
 */
export async function replayRules(
  { config, dir }: Project,
  run?: Pick<RunFolder, "read" | "journalPath">,
  released?: ReadonlySet<string>,
): Promise<ReplayRules> {
  const plan = await run?.read("plan.json");
  const waiting = run ? await awaitedClaims(plan, run) : [];
  return {
    ...standard,
    rules: rulesWith({
      ...config.replay,
      deployers: deployersOf(config),
      velero: new Set(restoredByVelero(plan).map(({ claim }) => refKey(claim))),
    }),
    changes: [
      ...configuredAdaptations(config, plan?.volumes),
      ...(await loadTransforms(dir, config.replay.transforms)),
      ...holdChanges(
        {
          ...config.replay,
          exclusive: config.workloads.exclusive.rules,
          ...(waiting.length > 0 && { awaitsVelero: (object) => mountsAnyOf(object, waiting) }),
        },
        released,
      ),
    ],
  };
}

/** Claims, as green names them, that Velero has still to restore there. */
async function awaitedClaims(plan: Plan | undefined, run: Pick<RunFolder, "read" | "journalPath">): Promise<string[]> {
  if (restoredByVelero(plan).length === 0) return [];
  const green = await run.read("green.json");
  return notRestored(plan, await readJournal(run.journalPath), green?.clusterId).map(claimName);
}

/** Who deploys what, and how long each is waited for. */
export function deployersOf({ replay }: Project["config"]): ConfiguredDeployer[] {
  return replay.deployers.map(({ timeout, ...entry }) => ({ ...entry, timeoutMs: milliseconds(timeout) }));
}
