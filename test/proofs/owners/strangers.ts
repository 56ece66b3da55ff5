import { isObject } from "../../../src/model/json.js";
import type { JsonObject, KubeObject } from "../../../src/model/objects.js";

/** Fields by which lists find their items: another value would be another item. */
const keys = new Set(
  "apiVersion kind name namespace key port containerPort protocol ip mountPath devicePath topologyKey type uid".split(
    " ",
  ),
);

/** An object's large maps are asked about in samples. */
const mostOfAnObject = 60;

/** An object with another value at a path. */
export interface Stranger {
  path: string;
  stranger: KubeObject;
}

/** The same question to both clusters, to each in its own version; absent for the one that has no such field. */
export interface StrangerPair {
  onBlue?: Stranger;
  onGreen?: Stranger;
}

/**
 * What somebody else would apply to learn who owns a field: the object with nothing but another value in one place. One place
 * each: servers of 1.24 mix up the names of several conflicts.
 *
 * @param autoscaled whether its replicas change meanwhile, on each cluster at its own time
 */
export function strangersOf(object: KubeObject, autoscaled: boolean): Stranger[] {
  const { apiVersion, kind, metadata, status: _, ...body } = object;
  const { name, namespace, labels, annotations } = metadata;
  const found = [...others({ metadata: { labels, annotations }, ...body }, "")];
  const asked = autoscaled ? found.filter(({ path }) => path !== "/spec/replicas") : found;
  const step = Math.max(1, Math.ceil(asked.length / mostOfAnObject));
  return asked
    .filter((_, index) => index % step === 0)
    .map(({ path, value }) => {
      const { metadata: said, ...rest } = value as JsonObject;
      const place = { name, ...(namespace && { namespace }), ...(isObject(said) ? said : {}) };
      return { path, stranger: { apiVersion, kind, ...rest, metadata: place } as KubeObject };
    });
}

/** Two versions of an object name most fields alike. Where each has one that the other lacks, it was renamed. */
export function pairsOf(blue: readonly Stranger[], green: readonly Stranger[]): StrangerPair[] {
  const alike = new Map(blue.map((it) => [it.path, it]));
  const pairs = green.map((onGreen): StrangerPair => {
    const onBlue = alike.get(onGreen.path);
    alike.delete(onGreen.path);
    return { onGreen, ...(onBlue && { onBlue }) };
  });
  const [onlyBlue, ...more] = alike.values();
  const [onlyGreen, ...others] = pairs.filter((pair) => !pair.onBlue);
  if (onlyBlue && onlyGreen && more.length + others.length === 0) {
    return pairs.map((pair) => (pair === onlyGreen ? { ...pair, onBlue: onlyBlue } : pair));
  }
  return [...pairs, ...[...alike.values()].map((onBlue) => ({ onBlue }))];
}

function* others(value: unknown, path: string): Generator<{ path: string; value: unknown }> {
  // A number stays one, so that quantities do.
  if (typeof value === "string") yield { path, value: /^\d/.test(value) ? `1${value}` : `${value}x` };
  else if (typeof value === "number") yield { path, value: value + 1 };
  else if (typeof value === "boolean") yield { path, value: !value };
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const itself = isObject(item)
        ? Object.fromEntries(Object.entries(item).filter(([field]) => keys.has(field)))
        : {};
      for (const below of others(item, `${path}/${index}`)) {
        yield { path: below.path, value: [isObject(below.value) ? { ...itself, ...below.value } : below.value] };
      }
    }
  } else if (isObject(value)) {
    for (const [field, inner] of Object.entries(value)) {
      if (isKey(field, inner)) continue;
      for (const below of others(inner, `${path}/${field}`))
        yield { path: below.path, value: { [field]: below.value } };
    }
  }
}

/** A volume's claim has a UID of its cluster's own in it. */
function isKey(field: string, value: unknown): boolean {
  return (keys.has(field) && !isObject(value)) || field === "claimRef";
}
