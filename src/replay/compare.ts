import { isObject, sameJson, textAt } from "../model/json.js";
import type { JsonObject, KubeObject } from "../model/objects.js";
import type { Path } from "./managed-fields.js";

/** One place at which an object on green is not what was sent. */
export interface FieldDifference {
  path: Path;
  /** - changed: both have it; - missing: green lacks what was sent; - extra: green has what was not sent. */
  kind: "changed" | "missing" | "extra";
  blue: unknown;
  green: unknown;
}

/** The parts of metadata that are an object's own, and not its server's. */
export const ownMetadata = ["labels", "annotations", "ownerReferences", "finalizers"];

/** Maps that are no structure: each key stands for itself. */
const plainMaps = ["labels", "annotations", "data", "binaryData"];

/** Every difference between what was sent and what green has; the status is green's own, and not compared. */
export function compareObjects(wanted: KubeObject, live: KubeObject): FieldDifference[] {
  return [...compareValues(comparable(wanted), comparable(live), [])];
}

/** The parts of an object that are compared. */
export function comparable({ status: _, metadata, ...rest }: KubeObject): JsonObject {
  return {
    ...rest,
    metadata: Object.fromEntries(ownMetadata.flatMap((f) => (metadata[f] === undefined ? [] : [[f, metadata[f]]]))),
  };
}

/** Every difference between two values, at paths below one. */
export function* compareValues(blue: unknown, green: unknown, path: Path): Generator<FieldDifference> {
  if (isObject(blue) && isObject(green)) {
    for (const [field, value] of Object.entries(blue)) {
      if (value === undefined) continue;
      const below = [...path, field];
      if (field in green) yield* compareValues(value, green[field], below);
      else yield { path: below, kind: "missing", blue: value, green: undefined };
    }
    for (const [field, value] of Object.entries(green)) {
      if (blue[field] !== undefined) continue;
      const below = [...path, field];
      // Each annotation is judged for itself, also where there was none at all.
      if (plainMaps.includes(field) && isObject(value)) yield* compareValues({}, value, below);
      else yield { path: below, kind: "extra", blue: undefined, green: value };
    }
  } else if (Array.isArray(blue) && Array.isArray(green)) {
    yield* compareLists(blue, green, path);
  } else if (!sameJson(blue, green)) {
    yield { path, kind: "changed", blue, green };
  }
}

/** Items are paired by name or value where lists differ in length, else by position. Paths take green's positions. */
function* compareLists(blue: unknown[], green: unknown[], path: Path): Generator<FieldDifference> {
  for (const [left, right] of pairs(blue, green)) {
    if (left === undefined && right !== undefined) {
      yield { path: [...path, right], kind: "extra", blue: undefined, green: green[right] };
    } else if (right === undefined && left !== undefined) {
      yield { path: [...path, left], kind: "missing", blue: blue[left], green: undefined };
    } else if (left !== undefined && right !== undefined) {
      yield* compareValues(blue[left], green[right], [...path, right]);
    }
  }
}

/** [position in blue, position in green] of items that belong together; one is undefined where only the other has it. */
export function pairs(blue: readonly unknown[], green: readonly unknown[]): [number | undefined, number | undefined][] {
  if (blue.length === green.length) return blue.map((_, index) => [index, index]);
  const free = new Set(green.keys());
  const found = blue.map((item, left): [number | undefined, number | undefined] => {
    for (const right of free) {
      if (!belongTogether(item, green[right])) continue;
      free.delete(right);
      return [left, right];
    }
    return [left, undefined];
  });
  return [...found, ...[...free].map((right): [undefined, number] => [undefined, right])];
}

function belongTogether(a: unknown, b: unknown): boolean {
  const name = textAt(a, "name");
  return name !== undefined ? name === textAt(b, "name") : sameJson(a, b);
}

/** `/spec/template/metadata/annotations/acme.example~1owner` */
export function jsonPointer(path: Path): string {
  return path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
