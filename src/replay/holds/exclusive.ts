import { isScaledObject, scaledBy } from "../../model/autoscaling.js";
import { type ExclusiveRule, exclusiveKinds } from "../../model/exclusive.js";
import { type KubeObject, refKey, refOf } from "../../model/objects.js";
import { selects } from "../../model/selector.js";
import type { ChangeContext } from "../changes/change.js";
import type { Hold } from "./hold.js";

/** Kinds that something scales from 0. */
const scaled = Object.keys(exclusiveKinds).filter((kind) => kind !== "CronJob.batch");

/** Keeps green's quiet until blue's was stopped and has ended; with what would wake it from 0. */
export function exclusiveHold({ name, reason, select }: ExclusiveRule): Hold {
  return {
    id: name,
    reason,
    until: "cutover",
    kinds: [...Object.keys(exclusiveKinds), "ScaledObject.keda.sh"],
    applies: (object, context) => (isScaledObject(object) ? scales(object, select, context) : selects(select, object)),
  };
}

function scales(scaler: KubeObject, select: ExclusiveRule["select"], context: ChangeContext): boolean {
  const target = scaledBy(scaler);
  return scaled.some((kind) =>
    [...context.listed(kind)].some((object) => refKey(refOf(object)) === target && selects(select, object)),
  );
}
