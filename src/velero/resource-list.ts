import { isObject } from "../model/json.js";
import { groupOf, versionOf } from "../model/objects.js";
import type { Catalogue } from "./catalogue.js";
import type { BackupFiles } from "./files.js";
import type { Limits } from "./limits.js";
import type { BackupRecord } from "./record.js";
import { refused } from "./refused.js";
import type { Lacking } from "./results.js";
import { readSideFile } from "./side-file.js";

/** By `apps/v1/Deployment`: `NAMESPACE/NAME`, or `NAME` of what has no namespace. */
type ResourceList = Map<string, string[]>;

/** `<name>-resource-list.json.gz`: every item that Velero took up. Undefined where there is none. Throws `UserError` bundle-invalid. */
export async function readResourceList(
  files: BackupFiles,
  limits: Limits,
  signal?: AbortSignal,
): Promise<ResourceList | undefined> {
  const file = `${files.name}-resource-list.json.gz`;
  const value = await readSideFile(files, file, limits, signal);
  if (value === undefined) return undefined;
  const where = files.shown(file);
  if (!isObject(value)) throw refused(where, "is JSON, but no object");
  const list: ResourceList = new Map();
  for (const [key, names] of Object.entries(value)) {
    const fits = /^([^/\s]+\/)?[^/\s]+\/[^/\s]+$/.test(key) && Array.isArray(names);
    if (!fits || !names.every((name) => typeof name === "string" && name !== ""))
      throw refused(where, `has ${JSON.stringify(key)} in another form than Velero writes`);
    if (new Set(names).size !== names.length)
      throw refused(where, `names an object of ${key} twice`, undefined, "duplicate");
    list.set(key, names);
  }
  return list;
}

/**
 * Compares what Velero says it took up with what the archive holds. What lacks is given back where Velero itself says that it
 * failed in part. Throws `UserError` bundle-invalid where something lacks and nothing says why, where there is more than Velero
 * took up, and where its counts aren't those of its list.
 */
export function compareWithList(
  files: BackupFiles,
  catalogue: Catalogue,
  record: BackupRecord | undefined,
  list: ResourceList | undefined,
): Lacking[] {
  const archive = files.shown(files.archive);
  const partial = record?.phase === "PartiallyFailed";
  if (!list) {
    const { items } = record ?? {};
    if (items === undefined || (partial && catalogue.items <= items) || catalogue.items === items) return [];
    throw refused(
      archive,
      `has ${catalogue.items} items, where velero-backup.json says ${items}`,
      undefined,
      "incomplete",
    );
  }
  const shown = files.shown(`${files.name}-resource-list.json.gz`);
  const count = [...list.values()].reduce((sum, names) => sum + names.length, 0);
  if (record?.items !== undefined && record.items !== count)
    throw refused(
      shown,
      `names ${count} items, where velero-backup.json says ${record.items}`,
      undefined,
      "incomplete",
    );

  const lacking = lackingOf(list, catalogue);
  if (catalogue.items > count - lacking.length) {
    const extra = firstUnlisted(list, catalogue);
    throw refused(extra, `isn't among the items that ${shown} names`, undefined, "stray");
  }
  if (lacking.length > 0 && !partial) {
    const named = lacking.slice(0, 5).map(textOf).join(", ");
    const others = lacking.length > 5 ? ` and ${lacking.length - 5} more` : "";
    throw refused(archive, `lacks what ${shown} names: ${named}${others}`, undefined, "incomplete");
  }
  return lacking;
}

function lackingOf(list: ResourceList, catalogue: Catalogue): Lacking[] {
  const lacking: Lacking[] = [];
  for (const [key, names] of list) {
    const slash = key.lastIndexOf("/");
    const [apiVersion, kind] = [key.slice(0, slash), key.slice(slash + 1)];
    const group = groupOf(apiVersion);
    for (const each of names) {
      if (catalogue.has(group, versionOf(apiVersion), kind, each)) continue;
      const [name = "", namespace] = each.split("/").reverse();
      lacking.push({ apiVersion, group, kind, name, ...(namespace !== undefined && { namespace }) });
    }
  }
  return lacking;
}

function firstUnlisted(list: ResourceList, catalogue: Catalogue): string {
  const sets = new Map([...list].map(([key, names]) => [key, new Set(names)]));
  for (const { key, name, entry } of catalogue.listed()) if (!sets.get(key)?.has(name)) return entry;
  throw new Error("the archive has more than its list, and nothing that isn't on it");
}

function textOf({ apiVersion, kind, namespace, name }: Lacking): string {
  return `${apiVersion} ${namespace === undefined ? "" : `${namespace}/`}${kind}/${name}`;
}
