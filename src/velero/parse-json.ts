import { parse } from "../kube/json.js";
import { messageOf } from "../model/errors.js";
import { isObject } from "../model/json.js";
import type { Limits } from "./limits.js";
import { refused } from "./refused.js";
import { utf8 } from "./utf8.js";

/**
 * The value in bytes that nobody is known to have checked. What parsers differ in is refused: fields that are there twice, of
 * which each parser takes another, and `__proto__`, which not every object keeps. Throws `UserError` bundle-invalid.
 */
export function parseJson(bytes: Uint8Array, where: string, { depth, values }: Pick<Limits, "depth" | "values">) {
  const shape = shapeOf(bytes, depth, values);
  if (shape === "deep") throw refused(where, `is nested more than ${depth} deep`);
  if (shape === "many") throw refused(where, `has more than ${values} values`);
  const value = parsed(bytes, where);
  const fields = fieldsIn(value, where);
  if (fields !== shape) throw refused(where, "has a field twice, or one that can't be kept", undefined, "duplicate");
  return value;
}

function parsed(bytes: Uint8Array, where: string): unknown {
  try {
    return parse(utf8(bytes));
  } catch (error) {
    throw refused(where, error instanceof SyntaxError ? "is no JSON" : `is no text: ${messageOf(error)}`);
  }
}

/** Counts brackets, values and fields outside of strings, before anything recurses or is made; the number of fields. */
function shapeOf(bytes: Uint8Array, deepest: number, most: number): number | "deep" | "many" {
  let [depth, values, fields] = [0, 0, 0];
  let inText = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (inText) {
      if (byte === 0x5c) at++;
      else if (byte === 0x22) inText = false;
    } else if (byte === 0x22) inText = true;
    else if (byte === 0x3a) fields++;
    else if (byte === 0x2c || byte === 0x7b || byte === 0x5b) {
      if (++values > most) return "many";
      if (byte !== 0x2c && ++depth > deepest) return "deep";
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return fields;
}

function fieldsIn(value: unknown, where: string): number {
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + fieldsIn(each, where), 0);
  if (!isObject(value)) return 0;
  if (Object.hasOwn(value, "__proto__")) throw refused(where, "has a field __proto__");
  let sum = 0;
  for (const key in value) sum += 1 + fieldsIn(value[key], where);
  return sum;
}
