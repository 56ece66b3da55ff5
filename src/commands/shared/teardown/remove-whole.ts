import { UserError } from "../../../model/errors.js";
import type { Journal } from "../../../model/journal.js";
import type { Evidence } from "../../../run/evidence.js";
import type { RunFolder } from "../../../run/run-folder.js";
import { removalCommands } from "../../../sweep/removal-commands.js";
import type { Context } from "../command.js";
import type { Project } from "../project.js";
import type { Before } from "./before.js";
import { blueObjects } from "./blue-objects.js";
import { drain } from "./drain.js";
import { madeEvent, madeOf } from "./open-sweep.js";
import { removeBlue, requireRemoval } from "./removal.js";
import { settleGreens } from "./settle-volumes.js";
import { finalSnapshots } from "./snapshots.js";
import { finish } from "./traffic.js";

/** What a removal is told of blue. */
export interface Whole {
  before: Before;
  /** In the bundle. */
  objects: number;
  evidence: Evidence;
}

/** Takes blue out of load balancers' rules, drains it and takes final snapshots where that is asked for, and removes it: one step. */
export async function removeWhole(
  project: Project,
  run: RunFolder,
  { before, objects, evidence }: Whole,
  journal: Journal,
  context: Context,
): Promise<void> {
  const { blue } = project.config;
  const how = requireRemoval(project, []);
  const { sweep } = before;
  if (!sweep && (blue.teardown?.drain || blue.teardown?.finalSnapshots)) {
    throw new UserError({
      code: "effect-failed",
      what: ["Blue can't be drained, and no final snapshot be taken; it was not touched.", ...before.lines].join("\n"),
      fix: "Mend the cause, or take blue.teardown.drain and finalSnapshots out; the same command then goes on.",
    });
  }
  // Once blue is gone nobody else can say it.
  if (sweep) await journal.append({ type: "event", ...madeEvent, data: madeOf(sweep.edges.blue) });
  const step = `teardown/${blue.name}`;
  await journal.append({
    type: "intent",
    step,
    phase: "teardown",
    what: `remove ${blue.name}`,
    target: blue.name,
    before: { objects },
    after: null,
  });
  // Nothing that a rule still names can be deleted.
  for (const line of await finish("before blue", project, journal, context)) context.progress.line(`teardown: ${line}`);
  if (sweep) {
    await drain(project, sweep, evidence.plan?.blue.clusterId, journal, context);
    await finalSnapshots(project, run, sweep, journal, context);
  }
  await settleGreens(project, run, evidence, journal, context);
  context.progress.line(`teardown: ${how}`);
  await removeBlue(project, context, () => sweepProtections(before));
  await journal.append({ type: "done", step, result: null });
}

/** Refuses for want of a way to remove blue, with what its nodes say of how it was made. */
export async function refuseRemoval(project: Project, run: RunFolder, context: Context): Promise<never> {
  const nodes = await blueObjects(project, run, [], context).then(
    (blue) => blue.nodes,
    () => [],
  );
  const { blue, aws } = project.config;
  requireRemoval(project, removalCommands(nodes, blue.teardown?.cluster ?? blue.name, aws?.region));
  throw new Error("a removal is configured");
}

function sweepProtections({ sweep, lines }: Before) {
  if (sweep) return sweep.edges.protections();
  throw new UserError({
    code: "green-needs-it",
    what: ["Whether green uses what is in blue's stack can't be checked; blue was not removed.", ...lines].join("\n"),
    fix: "Mend the cause; the same command then goes on.",
  });
}
