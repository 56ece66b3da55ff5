import { isUtf8 } from "node:buffer";
import { isSafeNumber, parse } from "lossless-json";
import { sha256 } from "../model/canonical.js";

export interface Normalising {
  /** JSON pointers; `*` is each member. */
  ignore: readonly string[];
  /** Regular expressions, and what stands there instead. */
  replace: readonly { pattern: string; with: string }[];
}

/** What of an answer's body can be compared. */
export type Body =
  | { kind: "json"; value: unknown }
  | { kind: "text"; text: string }
  | { kind: "bytes"; size: number; hash: string };

/** Without what may differ: in JSON the order of keys, ignored members and white space; in texts every run of white space. */
export function normalise(bytes: Buffer, { ignore, replace }: Normalising): Body {
  if (!isUtf8(bytes)) return { kind: "bytes", size: bytes.length, hash: sha256(bytes.toString("latin1")) };
  const text = bytes.toString("utf8");
  const patterns = replace.map((each) => ({ ...each, pattern: new RegExp(each.pattern, "g") }));
  const replaced = (words: string) =>
    patterns.reduce((result, each) => result.replace(each.pattern, () => each.with), words);
  const json = jsonOf(text);
  if (!json) return { kind: "text", text: replaced(text).replace(/\s+/g, " ").trim() };
  const segments = ignore.map((pointer) => pointer.slice(1).split("/").map(unescaped));
  return { kind: "json", value: strip(json.value, segments, replaced) };
}

/** A number too long for JavaScript stays a text of its digits: rounded, two ids could be one. */
function jsonOf(text: string): { value: unknown } | undefined {
  try {
    return { value: parse(text, null, (number) => (isSafeNumber(number) ? Number(number) : `number ${number}`)) };
  } catch {
    return undefined;
  }
}

/** `ignored`: the rest of the pointers that lead through this value, in segments. */
function strip(value: unknown, ignored: readonly string[][], replaced: (text: string) => string): unknown {
  if (typeof value === "string") return replaced(value);
  if (value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).flatMap(([key, member]) => {
    const inside = ignored.filter(([first]) => first === key || first === "*").map(([, ...rest]) => rest);
    return inside.some((rest) => rest.length === 0) ? [] : [[key, strip(member, inside, replaced)] as const];
  });
  return Array.isArray(value) ? kept.map(([, member]) => member) : Object.fromEntries(kept);
}

function unescaped(segment: string): string {
  return segment.replaceAll("~1", "/").replaceAll("~0", "~");
}
