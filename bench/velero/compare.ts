import { isObject } from "../../src/model/json.js";
import type { KubeObject } from "../../src/model/objects.js";
import { isComponent } from "./groups.js";
import { plain } from "./plain.js";

type Json = unknown;
type Path = readonly (string | number)[];

/**
 * Where an object differs from what it was on blue, in its own version: `spec.ports[].nodePort`. Not looked at are what `plain` takes
 * off and fields that only Kubernetes's own components wrote, on either side. What a bare create of the same object got on such a
 * green (`control`) is that green's default, and no difference.
 *
 * `live` are the UIDs of all that is on green: a reference to another owner is none.
 */
export function differences(
  blue: KubeObject,
  green: KubeObject,
  { control, live }: { control?: KubeObject | undefined; live: ReadonlySet<string> },
): string[] {
  const [written, writtenThere] = [componentFields(blue), componentFields(green)];
  const [before, after] = [plain(blue), plain(green)];
  const byItself = control && plain(control);
  const paths: string[] = [];
  const walk = (a: Json, b: Json, path: Path): void => {
    const field = path.join("\n");
    if (equal(a, b) || written.has(field) || (a === undefined && writtenThere.has(field))) return;
    const usual = byItself && at(byItself, path);
    // Where blue has nothing, green fills in what it chooses.
    if (byItself && b !== undefined && (equal(usual, b) || (a === undefined && usual !== undefined && !isObject(b))))
      return;
    if (byItself && b === undefined && usual === undefined) return;
    if (isObject(a) && isObject(b)) {
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) walk(a[key], b[key], [...path, key]);
    } else if (Array.isArray(a) && Array.isArray(b) && a.length === b.length) {
      for (const [index, item] of a.entries()) walk(item, b[index], [...path, index]);
    } else if (isObject(b) && a === undefined && path.length > 0) {
      // A whole mapping that came: by its keys, as a reader looks for them.
      for (const key of Object.keys(b)) walk(undefined, b[key], [...path, key]);
    } else paths.push(shown(path));
  };
  walk(before, after, []);
  if (!equal(ownersOf(blue), ownersOf(green, live))) paths.push("metadata.ownerReferences");
  return [...new Set(paths)].sort();
}

function ownersOf({ metadata }: KubeObject, live?: ReadonlySet<string>): string[] {
  const owners = (metadata.ownerReferences ?? []).filter(({ uid }) => live?.has(uid) ?? true);
  return owners.map(({ kind, name, controller }) => `${kind}/${name}/${controller === true}`).sort();
}

/** Paths, as keys joined by line breaks, that only Kubernetes's own components wrote: those of mappings, not of lists. */
function componentFields({ metadata }: KubeObject): ReadonlySet<string> {
  const [theirs, others] = [new Set<string>(), new Set<string>()];
  for (const { manager = "", fieldsV1 } of (metadata.managedFields ?? []) as { manager?: string; fieldsV1?: Json }[]) {
    const into = isComponent(manager) ? theirs : others;
    const walk = (fields: Json, path: readonly string[]): void => {
      const below = isObject(fields) ? Object.entries(fields).filter(([key]) => key.startsWith("f:")) : [];
      if (below.length === 0) into.add(path.join("\n"));
      for (const [key, value] of below) walk(value, [...path, key.slice(2)]);
    };
    walk(fieldsV1, []);
  }
  return new Set([...theirs].filter((path) => !others.has(path)));
}

/** `spec.template.spec.containers[].image`, `metadata.labels[velero.io/restore-name]` */
function shown(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[]`;
    if (/^[\w$-]+$/.test(key)) return text === "" ? key : `${text}.${key}`;
    return `${text}[${key}]`;
  }, "");
}

function at(value: Json, path: Path): Json {
  return path.reduce<Json>((inner, key) => {
    if (Array.isArray(inner) && typeof key === "number") return inner[key];
    return isObject(inner) && typeof key === "string" ? inner[key] : undefined;
  }, value);
}

/** Nothing, an empty mapping and an empty list mean the same to an API server. */
function equal(a: Json, b: Json): boolean {
  if (isEmpty(a) && isEmpty(b)) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => equal(item, b[index]));
  if (!isObject(a) || !isObject(b)) return a === b;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => equal(a[key], b[key]));
}

function isEmpty(value: Json): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
