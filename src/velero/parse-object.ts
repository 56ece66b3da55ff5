import { isObject } from "../model/json.js";
import { groupOf, type KubeObject, versionOf } from "../model/objects.js";
import { isRemapped } from "./definitions.js";
import type { ObjectPath } from "./entry-path.js";
import type { Limits } from "./limits.js";
import { parseJson } from "./parse-json.js";
import { refused } from "./refused.js";

/**
 * The object in one entry's bytes, which must be the one that its path says: nothing is guessed, and nothing is taken for something
 * else. Throws `UserError` bundle-invalid that names the entry.
 */
export function parseObject(bytes: Uint8Array, path: ObjectPath, entry: string, limits: Limits): KubeObject {
  const value = parseJson(bytes, entry, limits);
  if (!isObject(value)) throw refused(entry, "is JSON, but no object");
  const { apiVersion, kind, metadata } = value;
  if (typeof apiVersion !== "string" || apiVersion === "") throw refused(entry, "has no apiVersion");
  if (typeof kind !== "string" || !/^[A-Za-z][-A-Za-z0-9]*$/.test(kind)) throw refused(entry, "has no kind");
  if (!isObject(metadata)) throw refused(entry, "has no metadata");

  if (groupOf(apiVersion) !== path.group || !/^[^/]+(\/[^/]+)?$/.test(apiVersion))
    throw refused(entry, `its apiVersion ${apiVersion} isn't of the group of its path`);
  const { version = versionOf(apiVersion) } = path;
  if (versionOf(apiVersion) !== version && !isRemapped(apiVersion, kind, version))
    throw refused(entry, `its apiVersion ${apiVersion} isn't the version of its path`);
  if (metadata.name !== path.name) throw refused(entry, `its name ${JSON.stringify(metadata.name)} isn't its path's`);
  if ((metadata.namespace ?? "") !== (path.namespace ?? ""))
    throw refused(entry, `its namespace ${JSON.stringify(metadata.namespace)} isn't its path's`);
  for (const [field, fits] of Object.entries(shapes)) {
    if (metadata[field] !== undefined && !fits(metadata[field]))
      throw refused(entry, `its metadata.${field} has another form than an API server gives`);
  }
  return value as KubeObject;
}

const text = (value: unknown) => typeof value === "string";
const texts = (value: unknown) => isObject(value) && Object.values(value).every(text);

/** What is read of metadata later on, where an API server would have seen to it that it's so. */
const shapes: Record<string, (value: unknown) => boolean> = {
  uid: text,
  resourceVersion: text,
  creationTimestamp: (value) => value === null || text(value),
  deletionTimestamp: text,
  labels: texts,
  annotations: texts,
  finalizers: (value) => Array.isArray(value) && value.every(text),
  managedFields: (value) => Array.isArray(value) && value.every(isObject),
  ownerReferences: (value) =>
    Array.isArray(value) &&
    value.every((owner) => isObject(owner) && [owner.apiVersion, owner.kind, owner.name, owner.uid].every(text)),
};
