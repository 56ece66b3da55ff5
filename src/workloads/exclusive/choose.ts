import { isScaledObject, scaledBy } from "../../model/autoscaling.js";
import { type ExclusiveRule, exclusiveKinds, kedaPause } from "../../model/exclusive.js";
import { type KubeObject, kindKey, type ObjectRef, refKey, refOf } from "../../model/objects.js";
import type { PlannedExclusive } from "../../model/plan.js";
import { selects } from "../../model/selector.js";
import type { Wanted } from "../edits/carry-out.js";

/** A workload that is exclusive, and what stops it. */
export interface Exclusive {
  /** As blue has it. */
  workload: KubeObject;
  /** Name of the first rule that selects it. */
  rule: string;
  /** What is written on blue: a field of the workload itself, or of what scales it. */
  stop: Wanted;
  /** What else decides over its replicas, and does nothing at 0. */
  autoscaler?: ObjectRef;
}

/** What a rule selects, and can't be handed over. */
export interface NotExclusive {
  object: ObjectRef;
  rule: string;
  /** - no-way: nothing stops it; - owned: its owner would start it again; - runs-out: it ends by itself. */
  why: "no-way" | "owned" | "runs-out";
  /** `Kafka shop/main`, where it is owned. */
  owner?: string;
}

export interface Chosen {
  exclusive: Exclusive[];
  others: NotExclusive[];
}

/** What runs, and has no switch that a rollback could turn back. */
const noWay = ["DaemonSet.apps", "ReplicationController", "CronWorkflow.argoproj.io", "ScaledJob.keda.sh"];
const runsOut = ["Job.batch", "Pod"];

/** What of a cluster's objects its rules are about; whatever doesn't run (a Service, a ConfigMap) is nobody's concern. Pure. */
export function chooseExclusive(rules: readonly ExclusiveRule[], objects: readonly KubeObject[]): Chosen {
  const scalers = objects.filter(({ kind }) => kind === "ScaledObject" || kind === "HorizontalPodAutoscaler");
  const chosen: Chosen = { exclusive: [], others: [] };
  for (const object of objects) {
    const rule = rules.find(({ select }) => selects(select, object))?.name;
    if (rule === undefined) continue;
    const ref = refOf(object);
    const kind = kindKey(ref);
    const owner = object.metadata.ownerReferences?.find(({ controller }) => controller);
    // What a Deployment, a CronJob or the like made goes with it.
    if (owner && owner.kind in makers) continue;
    if (kind in exclusiveKinds) {
      if (owner) chosen.others.push({ object: ref, rule, why: "owned", owner: `${owner.kind} ${owner.name}` });
      else chosen.exclusive.push(exclusiveOf(object, rule, scalers));
    } else if (noWay.includes(kind)) chosen.others.push({ object: ref, rule, why: "no-way" });
    else if (runsOut.includes(kind) && !hasEnded(object)) chosen.others.push({ object: ref, rule, why: "runs-out" });
  }
  return chosen;
}

const makers: Readonly<Record<string, true>> = {
  Deployment: true,
  ReplicaSet: true,
  StatefulSet: true,
  DaemonSet: true,
  ReplicationController: true,
  CronJob: true,
  Job: true,
  Node: true,
};

/** The same object, or the one that scales it, with the field that stops it. */
export function exclusiveOf(workload: KubeObject, rule: string, scalers: readonly KubeObject[]): Exclusive {
  const object = refOf(workload);
  const its = scalers.filter((scaler) => scaledBy(scaler) === refKey(object));
  const keda = its.find(isScaledObject);
  const own = exclusiveKinds[kindKey(object)];
  if (!own) throw new Error(`${kindKey(object)} can't be exclusive`);
  const { path, off } = keda ? kedaPause : own;
  const edited = keda ?? workload;
  const [autoscaler] = keda ? [] : its;
  return {
    workload,
    rule,
    stop: { object: refOf(edited), apiVersion: edited.apiVersion, path, ours: off },
    ...(autoscaler && { autoscaler: refOf(autoscaler) }),
  };
}

/** As a plan has it: who approves the plan approves these writes, and no other. */
export function planned({ workload, rule, stop }: Exclusive): PlannedExclusive {
  return { object: refOf(workload), rule, edited: stop.object, field: stop.path.join("."), value: stop.ours };
}

/** A Pod or a Job that is over. */
export function hasEnded({ kind, status }: KubeObject): boolean {
  const { phase, conditions = [] } = (status ?? {}) as { phase?: string; conditions?: Condition[] };
  return kind === "Job"
    ? conditions.some(({ type, status }) => (type === "Complete" || type === "Failed") && status === "True")
    : phase === "Succeeded" || phase === "Failed";
}

interface Condition {
  type?: string;
  status?: string;
}
