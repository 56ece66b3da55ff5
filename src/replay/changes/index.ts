import type { Remark } from "../../model/migration.js";
import { groupOf, type KubeObject, kindKey } from "../../model/objects.js";
import { adaptationsWith, noSettings } from "./adaptations/index.js";
import type { Change, ChangeContext, Changed } from "./change.js";

export type { NodeLabels } from "./adaptations/green-node-labels.js";
export { type AdaptationSettings, adaptationsWith, noSettings } from "./adaptations/index.js";
export { identityKinds, rolesOf } from "./adaptations/workload-identity.js";

/** Every change that clustershift makes by itself, in the order in which they are made; adaptations/index.ts lists them. */
export const adaptations: readonly Change[] = adaptationsWith(noSettings);

/** One change that had something to do with an object. */
export interface ChangeMade {
  change: Change;
  before: KubeObject;
  after: KubeObject;
  remarks: Remark[];
  /** Present where the object's way ends with this change: it's the last one then. */
  ends?: Changed["ends"];
  /** Present where the object is kept from acting on green. */
  held?: Changed["held"];
}

/** What the changes make of an object, one after the other; none where nothing applied. */
export function changesOf(object: KubeObject, changes: readonly Change[], context: ChangeContext): ChangeMade[] {
  const made: ChangeMade[] = [];
  let before = object;
  for (const change of changes) {
    const kind = kindKey({ group: groupOf(before.apiVersion), kind: before.kind });
    if (change.kinds !== undefined && !change.kinds.includes(kind)) continue;
    const changed = change.change(before, context);
    if (!changed) continue;
    const { object: after, remarks = [], ends, held } = changed;
    made.push({ change, before, after, remarks, ...(ends && { ends }), ...(held && { held }) });
    if (ends) break;
    before = after;
  }
  return made;
}
