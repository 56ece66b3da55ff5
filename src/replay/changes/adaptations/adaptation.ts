import { sameJson } from "../../../model/json.js";
import type { Remark } from "../../../model/migration.js";
import type { KubeObject } from "../../../model/objects.js";
import type { Change, ChangeContext } from "../change.js";

interface Described extends Pick<Change, "id" | "reason"> {
  kinds: readonly string[];
}

/** What every new cluster needs changed. `adapt` edits a copy of the object, and gives what a person should know of it. */
export interface Adapting extends Described {
  adapt(copy: KubeObject, context: ChangeContext): Remark[] | undefined;
}

/** What no rule can change for a person, who must know of it. */
export interface Noticing extends Described {
  look(object: KubeObject, context: ChangeContext): Remark[];
}

export function adaptation({ id, reason, kinds, adapt }: Adapting): Change {
  return {
    id,
    stage: "adaptation",
    reason,
    kinds,
    change(object, context) {
      const copy = structuredClone(object);
      const remarks = adapt(copy, context) ?? [];
      const same = sameJson(object, copy);
      if (same && remarks.length === 0) return undefined;
      return { object: same ? object : copy, ...(remarks.length > 0 && { remarks }) };
    },
  };
}

/** The same as a change that leaves the object as it is: remarks travel with objects. */
export function notice({ id, reason, kinds, look }: Noticing): Change {
  return {
    id,
    stage: "adaptation",
    reason,
    kinds,
    change(object, context) {
      const remarks = look(object, context);
      return remarks.length > 0 ? { object, remarks } : undefined;
    },
  };
}
