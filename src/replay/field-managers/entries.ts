import { isObject, textAt } from "../../model/json.js";
import type { JsonObject, KubeObject } from "../../model/objects.js";
import { type FieldSet, isLeaf, union } from "./field-set.js";

/** One of `metadata.managedFields`: which fields somebody wrote, how, and in which version. */
export interface ManagerEntry {
  manager: string;
  operation: string;
  apiVersion: string;
  /** ISO 8601, when its fields last changed. */
  time?: string;
  /** Absent for the object itself; `scale` where an autoscaler wrote through it. */
  subresource?: string;
  fields: FieldSet;
}

/** What an object says of its managers; an entry that can't be read is left out. */
export function entriesOf(object: KubeObject): ManagerEntry[] {
  return (object.metadata.managedFields ?? []).flatMap((entry) => {
    const manager = textAt(entry, "manager");
    const operation = textAt(entry, "operation");
    const apiVersion = textAt(entry, "apiVersion");
    if (!isObject(entry) || !manager || !operation || !apiVersion || !isObject(entry.fieldsV1)) return [];
    const [time, subresource] = [textAt(entry, "time"), textAt(entry, "subresource")];
    return [
      {
        manager,
        operation,
        apiVersion,
        ...(time && { time }),
        ...(subresource && { subresource }),
        fields: entry.fieldsV1,
      },
    ];
  });
}

/** Whose entry it is: a server keeps one for each. */
export function entryKey({ manager, operation, apiVersion, subresource = "" }: ManagerEntry): string {
  return [manager, operation, apiVersion, subresource].join(" ");
}

/** One entry for each manager and way of writing, with the fields of all of its own, and the latest time. */
export function unitedEntries(entries: readonly ManagerEntry[]): ManagerEntry[] {
  const united = new Map<string, ManagerEntry>();
  for (const entry of entries) {
    if (isLeaf(entry.fields)) continue;
    const known = united.get(entryKey(entry));
    if (!known) {
      united.set(entryKey(entry), entry);
      continue;
    }
    const time = [known.time, entry.time]
      .filter((it) => it !== undefined)
      .sort()
      .at(-1);
    united.set(entryKey(entry), { ...known, ...(time && { time }), fields: union(known.fields, entry.fields) });
  }
  return [...united.values()];
}

/** As `metadata.managedFields` has it. None at all is said by one empty entry: a server takes an empty list for silence. */
export function managedFieldsOf(entries: readonly ManagerEntry[]): JsonObject[] {
  if (entries.length === 0) return [{}];
  return entries.map(({ fields, ...entry }) => ({ ...entry, fieldsType: "FieldsV1", fieldsV1: fields }));
}
