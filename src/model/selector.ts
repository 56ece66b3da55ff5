import { groupOf, type KubeObject } from "./objects.js";

/** Which objects of blue are meant. What it doesn't name matches everything. */
export interface Selector {
  /** API group; `""` is the core group. */
  group?: string | undefined;
  kind?: string | undefined;
  /** Namespace of the objects, and the Namespace itself; `*` stands for any characters. */
  namespace?: string | undefined;
  /** Name of the objects; `*` stands for any characters. */
  name?: string | undefined;
  /** Labels that the objects have, with these values; `*` stands for any characters. */
  labels?: Record<string, string> | undefined;
}

export function selects({ group, kind, namespace, name, labels }: Selector, object: KubeObject): boolean {
  const { metadata } = object;
  const home = metadata.namespace ?? (object.kind === "Namespace" ? metadata.name : undefined);
  return (
    (group === undefined || group === groupOf(object.apiVersion)) &&
    (kind === undefined || kind === object.kind) &&
    (namespace === undefined || (home !== undefined && like(namespace, home))) &&
    (name === undefined || like(name, metadata.name)) &&
    Object.entries(labels ?? {}).every(([label, pattern]) => {
      const value = metadata.labels?.[label];
      return value !== undefined && like(pattern, value);
    })
  );
}

/** Whether a text is what a pattern says, in which `*` stands for any characters. No regular expression: none can be slow. */
export function like(pattern: string, text: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return text === pattern;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - at >= last.length && text.endsWith(last);
}
