import { parse as parseExactly, stringify as stringifyExactly } from "lossless-json";

/** A number of so many digits that JavaScript's own may not hold it, followed by what may follow a number. */
const longNumber = /[:[,\s]-?\d{16,}\s*[,\]}]/;

/**
 * The one place where text becomes objects. Integers that a JavaScript number can't hold are `bigint`: API servers keep
 * integers of 64 bits, and a custom resource that loses one is another resource. All other numbers are as the servers read
 * them, which take what is no such integer for a double as JavaScript does.
 */
export function parse(text: string): unknown {
  // The exact parser takes several times as long, and hardly any object needs it.
  return longNumber.test(text) ? parseExactly(text, undefined, exactNumber) : JSON.parse(text);
}

/** The one place where objects become text; with an indent, over several lines. */
export function stringify(value: unknown, indent?: number): string {
  try {
    return JSON.stringify(value, null, indent);
  } catch (error) {
    const text = error instanceof TypeError ? stringifyExactly(value, null, indent) : undefined;
    if (text === undefined) throw error;
    return text;
  }
}

function exactNumber(text: string): number | bigint {
  const number = Number(text);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(number) && isInt64(BigInt(text)) ? BigInt(text) : number;
}

/** Go reads what is beyond as a double. */
function isInt64(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value;
}
