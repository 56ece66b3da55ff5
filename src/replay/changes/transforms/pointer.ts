import { isObject } from "../../../model/json.js";

/** Says of a JSON pointer (RFC 6901) why nothing can be done there. Never holds a value: it may be a Secret's. */
export class PointerError extends Error {
  constructor(pointer: string, why: string) {
    super(`${pointer}: ${why}`);
    this.name = "PointerError";
  }
}

/** `/metadata/labels/acme.example~1team` -> `["metadata", "labels", "acme.example/team"]` */
export function stepsOf(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** What holds a place, and the last step to it. The place itself may be empty. */
export interface Place {
  holder: Record<string, unknown> | unknown[];
  step: string;
}

/** The holder of a place, which must be there. With `make`, mappings that are missing on the way to it are made. */
export function placeOf(root: unknown, pointer: string, { make = false } = {}): Place {
  const steps = stepsOf(pointer);
  const step = steps.pop() ?? "";
  let holder = root;
  for (const [index, each] of steps.entries()) {
    const found = childOf(holder, each);
    if (found === undefined && make && isObject(holder)) holder[each] = {};
    holder = found ?? childOf(holder, each);
    if (!isObject(holder) && !Array.isArray(holder)) {
      const way = `/${pointer
        .split("/")
        .slice(1, index + 2)
        .join("/")}`;
      throw new PointerError(pointer, `there is no mapping or list at ${way}`);
    }
  }
  if (!isObject(holder) && !Array.isArray(holder)) throw new PointerError(pointer, "there is nothing");
  return { holder, step };
}

/** The value at a place; undefined where there is none. */
export function valueAt({ holder, step }: Place): unknown {
  return childOf(holder, step);
}

/** The index in a list that a step names; `-` is the one after the last. Undefined where it is none of this list. */
export function indexIn(list: readonly unknown[], step: string): number | undefined {
  if (step === "-") return list.length;
  if (!/^(0|[1-9][0-9]*)$/.test(step)) return undefined;
  const index = Number(step);
  return index <= list.length ? index : undefined;
}

function childOf(holder: unknown, step: string): unknown {
  if (Array.isArray(holder)) {
    const index = indexIn(holder, step);
    return index === undefined ? undefined : holder[index];
  }
  return isObject(holder) && Object.hasOwn(holder, step) ? holder[step] : undefined;
}
