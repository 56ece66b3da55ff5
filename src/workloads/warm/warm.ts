import type { KubeReader } from "../../kube/api.js";
import type { Clock } from "../../model/clock.js";
import { formatDuration } from "../../model/duration.js";
import { UserError } from "../../model/errors.js";
import { type KubeObject, refKey, refOf } from "../../model/objects.js";
import type { Selector } from "../../model/selector.js";
import { creationTrouble, podTrouble, selectorOf } from "../../model/workload-status.js";
import { type EditEdges, type EditOutcome, setFields } from "../edits/carry-out.js";
import { numberAt } from "../fields.js";
import { listAutoscalers, listPods, listWorkloads } from "../served.js";
import { planWarmth, type WarmPlan, type Warmth } from "./floors.js";

export interface WarmRules {
  exclude: readonly Selector[];
  /** Percent. */
  headroom: number;
  timeoutMs: number;
  /** What is kept from acting on green, as `refKey` names it. */
  held: ReadonlySet<string>;
}

export interface WarmEdges extends EditEdges {
  blue: Pick<KubeReader, "pages">;
  green: Pick<KubeReader, "pages">;
  clock: Clock;
  onProgress?: (ready: number, wanted: number) => void;
}

/** Milliseconds between two looks. */
const pause = 2_000;
/** Workloads that are named, and reasons for each. */
const mostNamed = 5;
const mostReasons = 3;

/** What has to become warm, as both clusters are now. Writes nothing. */
export async function lookForWarmth(
  { exclude, headroom, held }: WarmRules,
  { blue, green, signal }: Pick<WarmEdges, "blue" | "green" | "signal">,
): Promise<WarmPlan> {
  const [theirs, ours, autoscalers] = await Promise.all([
    listWorkloads(blue, signal),
    listWorkloads(green, signal),
    listAutoscalers(green, signal),
  ]);
  return planWarmth({ blue: theirs, green: ours, autoscalers, held, exclude, headroom });
}

export interface Warmed extends WarmPlan {
  raised: EditOutcome[];
}

/**
 * Raises green's floors to what blue has alive, and waits until its Pods are ready: nodes, quotas and images are there then.
 * Called again it goes on, and follows a blue that has grown meanwhile.
 *
 * @throws UserError `not-warm` that names what isn't ready and why, `cluster-unreachable`, `interrupted`
 */
export async function warmGreen(rules: WarmRules, edges: WarmEdges): Promise<Warmed> {
  const plan = await lookForWarmth(rules, edges);
  const raised = await setFields(
    plan.warm.flatMap(({ floor }) => (floor ? [{ ...floor }] : [])),
    edges,
  );
  const failed = raised.filter(({ outcome }) => outcome === "failed" || outcome === "gone");
  if (failed.length > 0) {
    throw new UserError({
      code: "not-warm",
      what: [
        "Green refuses to be as big as blue is:",
        ...failed.map(({ object, detail }) => `  ${refKey(object)}: ${detail ?? "it is gone"}`),
      ].join("\n"),
      fix: "Mend what refuses; the same command then goes on. No traffic was moved.",
    });
  }
  await untilReady(plan.warm, rules, edges);
  return { ...plan, raised };
}

async function untilReady(warm: readonly Warmth[], { timeoutMs }: WarmRules, edges: WarmEdges): Promise<void> {
  const { green, clock, signal, onProgress } = edges;
  const wanted = warm.reduce((sum, each) => sum + each.wanted, 0);
  if (wanted === 0) return;
  const until = clock.now() + timeoutMs;
  for (;;) {
    const found = new Map((await listWorkloads(green, signal)).map((object) => [refKey(refOf(object)), object]));
    const readyOf = ({ object, wanted }: Warmth): number =>
      Math.min(wanted, numberAt(found.get(refKey(object)) ?? nothing, ["status", "readyReplicas"], 0));
    const lacking = warm.filter((each) => readyOf(each) < each.wanted);
    onProgress?.(
      warm.reduce((sum, each) => sum + readyOf(each), 0),
      wanted,
    );
    if (lacking.length === 0) return;
    if (clock.now() >= until) throw await notWarm(lacking, found, readyOf, timeoutMs, edges);
    await clock.sleep(Math.min(pause, until - clock.now()), signal);
  }
}

const nothing: KubeObject = { apiVersion: "", kind: "", metadata: { name: "" } };

async function notWarm(
  lacking: readonly Warmth[],
  found: ReadonlyMap<string, KubeObject>,
  readyOf: (warmth: Warmth) => number,
  timeoutMs: number,
  { green, signal }: WarmEdges,
): Promise<UserError> {
  const lines = await Promise.all(
    lacking.slice(0, mostNamed).map(async (each) => {
      const workload = found.get(refKey(each.object));
      const why = workload ? await reasons(workload, green, signal) : "it is gone from green";
      return `  ${refKey(each.object)}: ${readyOf(each)} of ${each.wanted} ready${why && `: ${why}`}`;
    }),
  );
  const more = lacking.length > mostNamed ? [`  and ${lacking.length - mostNamed} more`] : [];
  return new UserError({
    code: "not-warm",
    what: [
      `Green isn't as big as blue after ${formatDuration(timeoutMs)}; no traffic was moved:`,
      ...lines,
      ...more,
    ].join("\n"),
    fix: "Give green what they lack (nodes, quota, images); the same command then goes on, `clustershift rollback` lowers the floors again. What needs less there: workloads.warm.exclude.",
  });
}

async function reasons(workload: KubeObject, green: WarmEdges["green"], signal?: AbortSignal): Promise<string> {
  const its = await listPods(green, workload.metadata.namespace, selectorOf(workload), signal);
  const troubles = [...new Set(its.flatMap((pod) => podTrouble(pod) ?? []))].slice(0, mostReasons);
  if (troubles.length > 0) return troubles.join(", ");
  return creationTrouble(workload) ?? (its.length === 0 ? "no pods" : "");
}
