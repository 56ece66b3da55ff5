import { parse } from "../kube/json.js";
import { messageOf } from "../model/errors.js";
import { type FileDocument, Unreadable } from "./document.js";
import { type Limits, tooMuch } from "./limits.js";

/** Where one value of a JSON text stands, and the items of its list. */
interface Span {
  start: number;
  end: number;
  items: number[];
}

/** The values of a JSON file, of which there may be several one after the other. Throws `Unreadable`. */
export function readJson(text: string, limits: Limits): FileDocument[] {
  const lineAt = lineFinder(text);
  return spansOf(text, limits, lineAt).map(({ start, end, items }) => {
    const line = lineAt(start);
    let value: unknown;
    try {
      value = parse(text.slice(start, end));
    } catch (error) {
      const position = /position (\d+)/.exec(messageOf(error))?.[1];
      const where = position === undefined ? end - 1 : start + Number(position);
      throw new Unreadable(lineAt(Math.min(where, end - 1)), "isn't JSON", text.includes("{{"));
    }
    const parts = items.length > 0 ? ((value as { items: unknown[] }).items ?? []) : [value];
    for (const [index, part] of parts.entries()) {
      const why = tooMuch(part, limits);
      if (why !== undefined) throw new Unreadable(lineAt(items[index] ?? start), why);
    }
    return { value, line, itemLines: items.map(lineAt) };
  });
}

/** Counts brackets outside of texts: before anything recurses, and without a tree of all that a cluster has. */
function spansOf(text: string, limits: Limits, lineAt: (offset: number) => number): Span[] {
  const spans: Span[] = [];
  let open: Span | undefined;
  let depth = 0;
  let key = "";
  let inItems = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (/\s/.test(char)) continue;
    open ??= { start: at, end: text.length, items: [] };
    if (inItems && depth === 2 && char !== "," && char !== "]") open.items.push(at);
    if (char === '"') {
      const end = endOfText(text, at);
      if (depth === 1) key = text.slice(at + 1, end);
      at = end;
    } else if (char === "{" || char === "[") {
      depth++;
      if (depth === 2) inItems = char === "[" && key === "items";
      // A list has three levels of its own around an item.
      if (depth > limits.depth + 3) throw new Unreadable(lineAt(at), `is nested more than ${limits.depth} deep`);
    } else if (char === "}" || char === "]") {
      depth--;
      if (depth === 0) {
        spans.push({ ...open, end: at + 1 });
        open = undefined;
      }
    } else if (depth === 0) break;
  }
  if (open) spans.push(open);
  return spans;
}

/** Of the closing quote, or of the end of the text. */
function endOfText(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

function lineFinder(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}
