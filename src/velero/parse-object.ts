import { isObject } from "../kube/errors.js";
import { parse } from "../kube/json.js";
import { messageOf } from "../model/errors.js";
import { groupOf, type KubeObject, versionOf } from "../model/objects.js";
import type { ObjectPath } from "./entry-path.js";
import type { Limits } from "./limits.js";
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
  if (path.version !== undefined && versionOf(apiVersion) !== path.version)
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

function parseJson(bytes: Uint8Array, entry: string, { depth }: Limits): unknown {
  if (isDeeperThan(bytes, depth)) throw refused(entry, `is nested more than ${depth} deep`);
  try {
    // Without `fatal`, bytes that are no UTF-8 would be replaced in silence.
    return parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    throw refused(entry, error instanceof SyntaxError ? "is no JSON" : `is no text: ${messageOf(error)}`);
  }
}

/** Counts brackets outside of strings: before anything recurses. */
function isDeeperThan(bytes: Uint8Array, limit: number): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (inText) {
      if (byte === 0x5c) at++;
      else if (byte === 0x22) inText = false;
    } else if (byte === 0x22) inText = true;
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > limit) return true;
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return false;
}
