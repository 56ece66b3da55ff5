import type { ExclusiveRule } from "../../model/exclusive.js";
import type { HoldEnd } from "../../model/held.js";
import { type KubeObject, kindKey, refKey, refOf } from "../../model/objects.js";
import { type Selector, selects } from "../../model/selector.js";
import type { Change, ChangeContext } from "../changes/change.js";
import { actors, isActor } from "./actors.js";
import { exclusiveHold } from "./exclusive.js";
import { asChange, type Hold } from "./hold.js";

/** Every hold that clustershift knows by itself, in the order in which they decide; register a new one here. */
export const holds: readonly Hold[] = [
  {
    id: "cron-jobs",
    reason: "Blue runs them on time until the cutover; run twice they would send, bill and clean up twice.",
    until: "cutover",
    kinds: ["CronJob.batch", "CronWorkflow.argoproj.io"],
    applies: () => true,
  },
  {
    id: "unfinished-jobs",
    reason: "Blue goes on with it: on green it would run a second time, from the beginning.",
    until: "person",
    kinds: ["Job.batch"],
    applies: () => true,
  },
  ...actors.map((actor): Hold => ({ ...actor, applies: (object) => isActor(actor, object) })),
];

/** What `replay` in clustershift.yaml says of holds. */
export interface ConfiguredHolds {
  hold: readonly { name: string; reason: string; select: Selector; until: HoldEnd }[];
  dontHold: readonly { select: Selector }[];
  /** From workloads: they are held until blue's have ended, whatever else says how long. */
  exclusive?: readonly ExclusiveRule[];
  /** Whether it mounts what Velero hasn't restored yet, as green names both. */
  awaitsVelero?: ((object: KubeObject) => boolean) | undefined;
}

/**
 * What is exclusive, the team's own holds, then ours: an object is held by the first that wants to. `released` are objects, as `refKey` names
 * them, that act on green already: a replay must not stop what serves.
 */
export function holdChanges(
  { hold, dontHold, exclusive = [], awaitsVelero }: ConfiguredHolds,
  released: ReadonlySet<string> = new Set(),
): Change[] {
  const own = hold.map(
    ({ name, reason, select, until }): Hold => ({
      id: name,
      reason,
      until,
      applies: (object) => selects(select, object),
    }),
  );
  const acts = (object: KubeObject) => released.has(refKey(refOf(object)));
  const spared = (object: KubeObject) => dontHold.some(({ select }) => selects(select, object)) || acts(object);
  return [
    ...exclusive.map((rule) => asChange(exclusiveHold(rule), acts)),
    ...(awaitsVelero ? [asChange(veleroHold(awaitsVelero), acts)] : []),
    ...[...own, ...holds].map((each) => asChange(each, spared)),
  ];
}

export const veleroHoldId = "velero-volumes";

/** Ends as well where `migrate` is run again, once Velero has restored them. */
function veleroHold(applies: (object: KubeObject) => boolean): Hold {
  return {
    id: veleroHoldId,
    reason: "Velero hasn't restored its volumes yet: it would find its claims missing, or make itself empty ones.",
    until: "cutover",
    applies,
  };
}

/** Id of the hold of ours that would keep an object quiet, were it not exclusive: `external-dns`. */
export function knownHold(object: KubeObject, context: ChangeContext): string | undefined {
  const kind = kindKey(refOf(object));
  return holds.find(({ kinds, applies }) => (kinds?.includes(kind) ?? true) && applies(object, context))?.id;
}
