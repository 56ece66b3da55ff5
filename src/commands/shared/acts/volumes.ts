import { messageOf, UserError } from "../../../model/errors.js";
import type { HeldObject } from "../../../model/held.js";
import { type ObjectRef, refKey } from "../../../model/objects.js";
import { mountersOf, notRestored, restoredByVelero } from "../../../model/restored.js";
import { claimName, type PlannedVolume } from "../../../model/volumes.js";
import { veleroHoldId } from "../../../replay/holds/index.js";
import { bringVolumes } from "../../../volumes/bring.js";
import type { VolumeOutcome } from "../../../volumes/edges.js";
import { boundNow } from "../../../volumes/history.js";
import { takeVolumesBack, toTakeBack } from "../../../volumes/take-back.js";
import { stoppedOnBlue } from "../hand-back.js";
import { isOfCluster } from "../hand-over.js";
import { holdableAgain } from "../holds.js";
import { milliseconds } from "../project.js";
import { clockOf } from "../targets.js";
import {
  checksumOf,
  describeBrought,
  describeKept,
  describeLeft,
  describeMove,
  movedBy,
  openCloudVolumes,
  termsOf,
  usersOf,
  withBlues,
} from "../volumes.js";
import type { Act, ActOutcome, ForwardScene, KeepsHeld } from "./act.js";

/**
 * Once what mounts them has ended on blue, and before it is released on green: volumes are copied or handed over. On the way back green's
 * is held again first, and lets go of them before blue's is started.
 */
export const volumesAct: Act = {
  id: "volumes",
  when: "after",
  async plan({ evidence: { plan }, journal, record }) {
    const bound = new Set(boundNow(journal.entries()).map(({ claim }) => claim));
    const moved = movedBy(plan).filter((each) => !bound.has(claimName(each)));
    const left = notRestored(plan, journal.entries(), record.clusterId);
    return {
      json: [...moved, ...left],
      lines: [
        ...(moved.length > 0 ? ["Then volumes, copied or handed over to green", ...moved.map(describeMove)] : []),
        ...(left.length > 0
          ? ["Left to Velero and not restored: their workloads stay held", ...left.map(nameLine)]
          : []),
      ],
    };
  },
  async carryOut(scene, keepsHeld) {
    const { plan } = scene.evidence;
    const planned = movedBy(plan);
    const left = notRestored(plan, scene.journal.entries(), scene.record.clusterId);
    if (planned.length === 0 && left.length === 0) return { lines: [], json: null, failed: false };
    const brought = await bring(planned, scene, keepsHeld).catch((error: unknown): VolumeOutcome[] => {
      // What can't be asked may not be there: none of their workloads is released, and all else is.
      if (!isOfCluster(error) && !isOfAws(error)) throw error;
      return planned.map(({ claim }) => ({ claim, failed: messageOf(error) }));
    });
    const lacking = left.map(
      ({ claim }): VolumeOutcome => ({ claim, failed: "Velero hasn't restored it: clustershift volumes restore" }),
    );
    const failed = [...brought, ...lacking].filter((each) => each.failed !== undefined);
    const users = usersOf(failed, [...planned, ...left]);
    const known = mountersOf(restoredByVelero(plan));
    return {
      json: [...brought, ...lacking],
      failed: failed.length > 0,
      lines: [...describeBrought(brought), ...describeLeft(lacking)],
      keepsHeld: ({ object, hold }) =>
        users.has(refKey(object)) || (left.length > 0 && hold === veleroHoldId && !known.has(refKey(object))),
    };
  },
  async planBack({ journal }) {
    const json = toTakeBack(journal);
    const lines = [
      ...json.handedOver.map((id) => `  ${id}, once green has let go of it`),
      ...describeKept(json.kept).map((line) => `  ${line}`),
    ];
    return { json, lines: lines.length > 0 ? ["Then volumes, back to blue", ...lines] : [] };
  },
  async takeBack({ project, run, journal, context }): Promise<ActOutcome> {
    const { handedOver } = toTakeBack(journal);
    // What isn't held again on green lets go of nothing, and blue's must not wait for it.
    const held = await holdableAgain(run, journal);
    const started = stoppedOnBlue(journal).length === 0;
    const timeoutMs = held.length > 0 || started ? 0 : milliseconds(project.config.workloads.exclusive.timeout);
    if (!project.config.aws) return { lines: [], json: null, failed: false };
    try {
      const cloud = await openCloudVolumes(project, context);
      try {
        const edges = { cloud, journal, clock: clockOf(context), signal: context.edges.signal };
        const back = await takeVolumesBack(edges, { timeoutMs, started });
        if (!back) return { lines: [], json: null, failed: false };
        const stuck = started ? [] : [...back.held];
        return {
          json: { free: back.free, held: Object.fromEntries(stuck), kept: back.kept },
          failed: stuck.length > 0,
          blueLacks: stuck.length > 0,
          lines: [
            ...(handedOver.length > 0 ? [`${back.free.length} of ${handedOver.length} volume(s) free for blue.`] : []),
            ...stuck.map(([id, why]) => `  NOT ${id}: it ${why}`),
            ...(stuck.length > 0
              ? [
                  "Blue's Pods wait for these. See what still has them on green; where its nodes are dead: aws ec2 detach-volume --force --volume-id ID. Then: clustershift rollback",
                ]
              : []),
            ...describeKept(back.kept),
          ],
        };
      } finally {
        cloud.close();
      }
    } catch (error) {
      // Blue must serve all the same: its Pods take a volume as soon as it's free.
      if (!(error instanceof UserError) || error.code === "interrupted") throw error;
      const trouble = `Whether green has let go of volumes can't be told: ${messageOf(error)}`;
      context.progress.warn(trouble);
      return {
        json: { trouble },
        failed: true,
        blueLacks: handedOver.length > 0,
        lines: [trouble, "Once AWS answers: clustershift rollback"],
      };
    }
  },
};

const nameLine = (planned: PlannedVolume): string => `  ${claimName(planned)}`;

const isOfAws = (error: unknown): boolean => error instanceof UserError && error.code === "aws-failed";

/** Volumes of what may run on blue stay there. */
async function bring(
  planned: readonly PlannedVolume[],
  scene: ForwardScene,
  keepsHeld: KeepsHeld,
): Promise<VolumeOutcome[]> {
  if (planned.length === 0) return [];
  const { project, run, blue, green, journal, context, evidence } = scene;
  const running = (user: ObjectRef): boolean => keepsHeld({ object: user, hold: ruleOf(user, evidence.plan) });
  const due: PlannedVolume[] = [];
  const outcomes: VolumeOutcome[] = [];
  for (const each of planned) {
    const user = each.users.find(running);
    if (user) outcomes.push({ claim: each.claim, failed: `${refKey(user)} may still run on blue` });
    else due.push(each);
  }
  const { all, gone } = await withBlues(due, blue, context.edges.signal);
  const cloud = await openCloudVolumes(project, context);
  try {
    const brought = await bringVolumes(
      all,
      termsOf(project, run),
      {
        ...{ cloud, green, journal, clock: clockOf(context), signal: context.edges.signal },
        onProgress: (line) => context.progress.line(`cutover: ${line}`),
      },
      checksumOf(project, context),
    );
    return [...outcomes, ...gone, ...brought];
  } finally {
    cloud.close();
  }
}

/** The hold is named after the rule by which a workload is exclusive. */
function ruleOf(user: ObjectRef, plan: ForwardScene["evidence"]["plan"]): HeldObject["hold"] {
  return plan?.exclusive?.find(({ object }) => refKey(object) === refKey(user))?.rule ?? "";
}
