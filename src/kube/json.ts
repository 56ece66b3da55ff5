/**
 * The one place where objects become text and text becomes objects, so that a change in how numbers are kept is made
 * here and nowhere else.
 */
export function parse(text: string): unknown {
  return JSON.parse(text);
}

export function stringify(value: unknown): string {
  return JSON.stringify(value);
}
