import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Node } from "yaml";

/** Where a path lies in a document. */
export interface Place {
  /** 1-based: of the key, or of the entry of a list. Of the nearest key above, where the path isn't there. */
  line: number;
  /** The value as it is written, where it is a plain scalar: `1.30`, which YAML reads as 1.3. */
  source?: string;
}

export function locate(document: Document, lines: LineCounter, path: readonly PropertyKey[]): Place {
  const at = (node: unknown): number | undefined => {
    const range = (node as Node | null | undefined)?.range;
    return range ? lines.linePos(range[0]).line : undefined;
  };
  let node: unknown = document.contents;
  let line = at(node) ?? 1;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (!pair) return { line };
      line = at(pair.key) ?? line;
      node = pair.value;
    } else if (isSeq(node) && typeof step === "number") {
      if (step >= node.items.length) return { line };
      node = node.items[step];
      line = at(node) ?? line;
    } else {
      return { line };
    }
  }
  return isScalar(node) && node.source !== undefined ? { line, source: node.source } : { line };
}
