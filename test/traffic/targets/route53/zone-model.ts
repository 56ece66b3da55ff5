import type { Change } from "../../../../src/aws/api.js";
import type { RecordSet } from "../../../../src/model/traffic.js";

const identity = (set: RecordSet) => JSON.stringify([set.Name, set.Type, set.SetIdentifier]);

/**
 * What Route 53 documents of a change batch: in order, all or nothing, DELETE only of exactly what is there, no weighted
 * set beside a simple one. Written apart from the code that it tests.
 */
export function applyBatch(zone: readonly RecordSet[], changes: readonly Change[]): RecordSet[] {
  const sets = new Map(zone.map((set) => [identity(set), set]));
  for (const { Action, ResourceRecordSet: set } of changes) {
    const present = sets.get(identity(set));
    if (Action === "DELETE") {
      if (JSON.stringify(present) !== JSON.stringify(set))
        throw new Error(`DELETE of what is not there: ${identity(set)}`);
      sets.delete(identity(set));
      continue;
    }
    if (Action === "CREATE" && present) throw new Error(`CREATE of what is there: ${identity(set)}`);
    const beside = [...sets.values()].filter(({ Name, Type }) => Name === set.Name && Type === set.Type);
    if (beside.some((other) => (other.SetIdentifier === undefined) !== (set.SetIdentifier === undefined))) {
      throw new Error(`a weighted set beside a simple one: ${identity(set)}`);
    }
    if (set.Weight !== undefined && !(Number.isInteger(set.Weight) && set.Weight >= 0 && set.Weight <= 255)) {
      throw new Error(`no weight: ${set.Weight}`);
    }
    sets.set(identity(set), set);
  }
  return [...sets.values()];
}
