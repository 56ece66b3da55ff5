/** What a folder may at most hold: more is a bomb, or nothing that was exported from one cluster. */
export interface Limits {
  /** Bytes of one file; a list of all of a large cluster's objects is far below it. */
  fileBytes: number;
  /** Characters of one object's JSON, anchors written out. etcd takes 1.5 MB of protobuf unless told otherwise. */
  objectChars: number;
  /** Uses of anchors, each counted with the uses within it, in one document. */
  aliases: number;
  /** Arrays and objects in one another: what reads them later on recurses. */
  depth: number;
  files: number;
}

export const defaultLimits: Limits = {
  fileBytes: 256 * 2 ** 20,
  objectChars: 32 * 2 ** 20,
  aliases: 1000,
  depth: 200,
  files: 200_000,
};

/** Why a value is more than an object can be; undefined where it isn't. Stops as soon as it knows. */
export function tooMuch(value: unknown, limits: Limits): string | undefined {
  let left = limits.objectChars;
  let deep = false;
  const count = (at: unknown, depth: number): void => {
    if (depth > limits.depth) deep = true;
    if (deep || left < 0) return;
    if (typeof at === "string") left -= at.length + 2;
    else if (typeof at !== "object" || at === null) left -= 4;
    else if (Array.isArray(at)) for (const item of at) count(item, depth + 1);
    else
      for (const [key, inner] of Object.entries(at)) {
        left -= key.length + 4;
        count(inner, depth + 1);
      }
  };
  count(value, 0);
  if (deep) return `is nested more than ${limits.depth} deep`;
  return left < 0 ? `has more than ${limits.objectChars} characters, its anchors written out` : undefined;
}
