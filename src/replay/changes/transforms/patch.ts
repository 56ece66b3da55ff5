import { sameJson } from "../../../model/json.js";
import type { KubeObject } from "../../../model/objects.js";
import { indexIn, PointerError, placeOf, valueAt } from "./pointer.js";

/** One operation of a JSON Patch (RFC 6902). */
export type Operation =
  | { op: "add" | "replace" | "test"; path: string; value: unknown }
  | { op: "remove"; path: string }
  | { op: "move" | "copy"; from: string; path: string };

/**
 * The object with the operations done, one after the other. Throws where one can't be done or a test doesn't hold; then none
 * is done.
 */
export function patched(object: KubeObject, operations: readonly Operation[]): KubeObject {
  const copy = structuredClone(object);
  for (const [index, operation] of operations.entries()) {
    try {
      operate(copy, operation);
    } catch (error) {
      if (!(error instanceof PointerError)) throw error;
      throw new Error(`patch[${index}] ${operation.op} ${error.message}`, { cause: error });
    }
  }
  return copy;
}

function operate(root: KubeObject, operation: Operation): void {
  const { path } = operation;
  switch (operation.op) {
    case "add":
      add(root, path, structuredClone(operation.value));
      break;
    case "remove":
      remove(root, path);
      break;
    case "replace":
      replace(root, path, structuredClone(operation.value));
      break;
    case "move":
      if (path.startsWith(`${operation.from}/`)) throw new PointerError(path, "lies in what is to be moved there");
      add(root, path, remove(root, operation.from));
      break;
    case "copy":
      add(root, path, structuredClone(existing(root, operation.from)));
      break;
    case "test":
      if (!sameJson(existing(root, path), operation.value)) throw new PointerError(path, "has another value");
  }
}

function add(root: KubeObject, pointer: string, value: unknown): void {
  const { holder, step } = placeOf(root, pointer);
  if (!Array.isArray(holder)) {
    holder[step] = value;
    return;
  }
  const index = indexIn(holder, step);
  if (index === undefined) throw new PointerError(pointer, `the list has ${holder.length} entries`);
  holder.splice(index, 0, value);
}

function remove(root: KubeObject, pointer: string): unknown {
  const value = existing(root, pointer);
  const { holder, step } = placeOf(root, pointer);
  if (Array.isArray(holder)) holder.splice(Number(step), 1);
  else delete holder[step];
  return value;
}

function replace(root: KubeObject, pointer: string, value: unknown): void {
  existing(root, pointer);
  const { holder, step } = placeOf(root, pointer);
  if (Array.isArray(holder)) holder[Number(step)] = value;
  else holder[step] = value;
}

function existing(root: KubeObject, pointer: string): unknown {
  const value = valueAt(placeOf(root, pointer));
  if (value === undefined) throw new PointerError(pointer, "there is nothing");
  return value;
}
