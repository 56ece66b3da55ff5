import { refKey } from "../../../model/objects.js";
import { trafficState } from "../../../run/evidence.js";
import type { EditOutcome } from "../../../workloads/edits/carry-out.js";
import type { Warmth } from "../../../workloads/warm/floors.js";
import { lookForWarmth, type WarmRules, warmGreen } from "../../../workloads/warm/warm.js";
import { describeLowered, floorEdges, heldKeys, lowerFloors, raisedFloors } from "../floors.js";
import { milliseconds } from "../project.js";
import { clockOf } from "../targets.js";
import type { Act, ForwardScene } from "./act.js";

/**
 * Before any traffic: an idle green's autoscalers would have shrunk it to its least. Its floors stay raised while it takes over and
 * soaks; teardown and rollback put them back.
 */
export const warmGreenAct: Act = {
  id: "warm-green",
  when: "before",
  async plan(scene) {
    if (isIdle(scene)) return { lines: [], json: null };
    const plan = await lookForWarmth(await rulesOf(scene), { ...scene, signal: scene.context.edges.signal });
    const raised = plan.warm.flatMap((each) => (each.floor ? [describeFloor(each)] : []));
    const pods = plan.warm.reduce((sum, { wanted }) => sum + wanted, 0);
    const lines = [
      ...(plan.warm.length > 0
        ? [
            `Before, on green: ${pods} Pod(s) of ${plan.warm.length} workload(s) must be ready, as many as ${asOn(scene)}; floors raised`,
          ]
        : []),
      ...(plan.warm.length > 0 && raised.length === 0 ? ["  none: all are high enough"] : raised),
      ...plan.remarks.map((remark) => `  ${remark}`),
    ];
    return { lines, json: plan };
  },
  async carryOut(scene) {
    if (isIdle(scene)) return { lines: [], json: null, failed: false };
    const { blue, green, journal, context } = scene;
    const json = await warmGreen(await rulesOf(scene), {
      ...(await floorEdges(green, journal, context)),
      blue,
      green,
      clock: clockOf(context),
      onProgress: (done, total) => context.progress.tick("warming green", { done, total, unit: "Pods" }),
    });
    for (const remark of json.remarks) context.progress.warn(remark);
    const left = json.raised.filter(({ outcome }) => outcome === "left");
    const pods = json.warm.reduce((sum, { wanted }) => sum + wanted, 0);
    return {
      json,
      failed: false,
      lines: [
        ...(json.warm.length > 0
          ? [
              `Green had ${pods} Pod(s) of ${json.warm.length} workload(s) ready, as many as ${asOn(scene)}, before it got traffic.`,
            ]
          : []),
        ...left.map(describeLeft),
        ...json.remarks,
      ],
    };
  },
  async planBack({ run, journal }) {
    const json = await raisedFloors(run, journal);
    const lines = json.map(
      ({ edit }) => `  ${refKey(edit.object)} (${edit.path.join(".")}: ${edit.ours} -> ${edit.original ?? "nothing"})`,
    );
    return { json, lines: lines.length > 0 ? ["Then on green, floors of replicas as before", ...lines] : [] };
  },
  async takeBack({ project, run, journal, context }) {
    const json = await lowerFloors(project, run, journal, context);
    if (json.trouble) context.progress.warn(json.trouble);
    const failed = json.trouble !== undefined || json.outcomes.some(({ outcome }) => outcome === "failed");
    return { json, failed, lines: describeLowered(json) };
  },
};

const asOn = ({ blue }: ForwardScene): string => (blue.dead === undefined ? "on blue" : "in what is left of blue");

/** Switched off, or green serves everything already. */
function isIdle({ project, journal }: ForwardScene): boolean {
  return !project.config.workloads.warm.enabled || trafficState(journal.entries()).at === "green";
}

async function rulesOf({ project, run, journal }: ForwardScene): Promise<WarmRules> {
  const { exclude, headroom, timeout } = project.config.workloads.warm;
  return { exclude, headroom, timeoutMs: milliseconds(timeout), held: await heldKeys(run, journal) };
}

function describeFloor({ object, live, wanted, floor }: Warmth): string {
  const through = floor && refKey(floor.object) !== refKey(object) ? ` of ${refKey(floor.object)}` : "";
  return `  ${refKey(object)}: ${live} ready on blue; ${floor?.path.join(".")}${through} ${floor?.now} -> ${wanted}`;
}

function describeLeft({ object, detail }: EditOutcome): string {
  return `${refKey(object)} was changed by somebody else since its floor was raised, and is left so: ${detail}`;
}
