import type { Remark } from "../../../../src/model/migration.js";
import { type KubeObject, kindKey, refOf } from "../../../../src/model/objects.js";
import { type AdaptationSettings, adaptationsWith, changesOf } from "../../../../src/replay/changes/index.js";

/** What blue has beside the object in question, and a green that serves whatever it is asked for. */
export const contextOf = (others: readonly KubeObject[]) => ({
  serves: () => true,
  listed: (kind: string) => others.filter((other) => kindKey(refOf(other)) === kind),
});

export interface Adapted {
  object: KubeObject;
  remarks: Remark[];
  /** Ids of the adaptations that had something to do with it. */
  by: string[];
}

/** An object after every adaptation. The object itself must not have been touched. */
export function adapt(
  object: KubeObject,
  settings: Partial<AdaptationSettings> = {},
  others: readonly KubeObject[] = [],
): Adapted {
  const before = JSON.stringify(object);
  const changes = adaptationsWith({ off: [], nodeLabels: {}, images: {}, ...settings });
  const made = changesOf(object, changes, contextOf([object, ...others]));
  if (JSON.stringify(object) !== before) throw new Error("an adaptation touched its argument");
  return {
    object: made.at(-1)?.after ?? object,
    remarks: made.flatMap(({ remarks }) => remarks),
    by: made.map(({ change }) => change.id),
  };
}
