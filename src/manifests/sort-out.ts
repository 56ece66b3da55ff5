import { basename } from "node:path/posix";
import { isObject } from "../model/json.js";
import type { JsonObject, KubeObject } from "../model/objects.js";
import { groupOf } from "../model/objects.js";
import { isOwnGroup } from "./kinds.js";

/** What a document is: something of Kubernetes, something else, or something broken. */
export type Sorted =
  | { is: "object"; object: KubeObject }
  | { is: "list"; items: unknown[] }
  | { is: "other"; why: string }
  | { is: "broken"; what: string };

/** Files of other tools that lie among manifests, and what reads them. */
const knownFiles: readonly { file: RegExp; why: string }[] = [
  { file: /^kustomization\.ya?ml$/i, why: "is a kustomization: what it makes isn't here; run kustomize build" },
  { file: /^Chart\.(?:ya?ml|lock)$/, why: "describes a Helm chart" },
  { file: /^values.*\.ya?ml$/i, why: "has values of a Helm chart" },
  { file: /^(?:package|package-lock|tsconfig.*)\.json$/, why: "is no manifest" },
];

/** Says what one value of a file is. `item` says that it comes from a list, whose form is known. */
export function sortOut(value: unknown, file: string, list?: { apiVersion: string; kind: string }): Sorted {
  const name = basename(file);
  if (!isObject(value)) {
    if (list) return { is: "broken", what: "is an item of a list, but no object" };
    if (typeof value === "string" && /^(?:Error from server|error:|Unable to connect)/.test(value))
      return { is: "broken", what: "has an error message of kubectl in place of objects" };
    return { is: "other", why: "is no object" };
  }
  // Items of lists that came from the API itself leave out their type.
  const { apiVersion, kind } = { ...list, ...value };
  if (typeof apiVersion !== "string" || typeof kind !== "string" || apiVersion === "" || kind === "") {
    return untyped(value, name);
  }
  if (apiVersion.startsWith("kustomize.config.k8s.io/")) return { is: "other", why: `is a ${kind} of kustomize` };
  if (kind === "Config" && apiVersion === "v1")
    return { is: "other", why: "is a kubeconfig, which may hold credentials" };
  if (!/^[^/\s]+(?:\/[^/\s]+)?$/.test(apiVersion) || !/^[A-Za-z][-A-Za-z0-9]*$/.test(kind))
    return { is: "broken", what: "has an apiVersion or a kind that can't be one" };
  const { metadata, items } = value;
  if (kind.endsWith("List") && (Array.isArray(items) || items === null) && !(isObject(metadata) && "name" in metadata))
    return listOf(value, items ?? []);
  return named({ ...value, apiVersion, kind }, metadata);
}

function untyped(value: JsonObject, name: string): Sorted {
  const known = knownFiles.find(({ file }) => file.test(name));
  if (known) return { is: "other", why: known.why };
  if (Array.isArray(value.items) && value.apiVersion !== undefined)
    return { is: "broken", what: "has items, but no kind: kubectl writes it after the items, so the file is cut off" };
  if (typeof value.apiVersion === "string" && value.kind === undefined)
    return { is: "broken", what: "has an apiVersion, but no kind: is the file cut off?" };
  return { is: "other", why: "is no object of Kubernetes: it has no apiVersion and no kind" };
}

function listOf({ metadata }: JsonObject, items: unknown[]): Sorted {
  if (isObject(metadata) && typeof metadata.continue === "string" && metadata.continue !== "")
    return { is: "broken", what: "is one page of a list, and the next ones aren't here" };
  return { is: "list", items };
}

function named(object: JsonObject & { apiVersion: string; kind: string }, metadata: unknown): Sorted {
  const { apiVersion, kind } = object;
  const isOurs = isOwnGroup(groupOf(apiVersion));
  if (!isObject(metadata) || typeof metadata.name !== "string" || metadata.name === "") {
    if (isObject(metadata) && typeof metadata.generateName === "string")
      return { is: "other", why: `is a ${kind} with generateName: a new one each time that it is created` };
    if (isObject(metadata) && metadata.name !== undefined && metadata.name !== null)
      return { is: "broken", what: `is a ${kind} whose name is no text` };
    if (isOurs) return { is: "broken", what: `is a ${kind} without a name: is the file cut off?` };
    return { is: "other", why: `is a ${kind} (${apiVersion}) without a name: configuration of a program, no object` };
  }
  const wrong = Object.entries(shapes).find(([field, fits]) => metadata[field] != null && !fits(metadata[field]));
  if (wrong)
    return { is: "broken", what: `is a ${kind} whose metadata.${wrong[0]} has another form than the API knows` };
  return { is: "object", object: { ...object, metadata: { ...metadata, name: metadata.name } } };
}

const text = (value: unknown) => typeof value === "string";
const texts = (value: unknown) => isObject(value) && Object.values(value).every(text);

/** What is read of metadata later on, where an API server would have seen to it that it's so. */
const shapes: Record<string, (value: unknown) => boolean> = {
  namespace: text,
  uid: text,
  resourceVersion: text,
  creationTimestamp: text,
  deletionTimestamp: text,
  labels: texts,
  annotations: texts,
  finalizers: (value) => Array.isArray(value) && value.every(text),
  managedFields: (value) => Array.isArray(value) && value.every(isObject),
  ownerReferences: (value) =>
    Array.isArray(value) &&
    value.every((owner) => isObject(owner) && [owner.apiVersion, owner.kind, owner.name].every(text)),
};
