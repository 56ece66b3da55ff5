/** An element: its children by name in their order, and the text where there are none. */
export interface Element {
  name: string;
  children: Element[];
  text: string;
}

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Reads what the emulator writes: well-formed XML, of which attributes and comments say nothing to us. */
export function readXml(text: string): Element {
  const root: Element = { name: "", children: [], text: "" };
  const open = [root];
  for (const [, closing, name = "", empty, words = ""] of text.matchAll(
    /<(?:[?!][^>]*|(\/)?([\w:.-]+)(?:\s[^>]*?)?(\/)?)>([^<]*)/g,
  )) {
    const top = open.at(-1) ?? root;
    if (name === "") continue;
    if (closing) {
      open.pop();
      continue;
    }
    const element: Element = { name: name.replace(/^.*:/, ""), children: [], text: empty ? "" : unescaped(words) };
    top.children.push(element);
    if (!empty) open.push(element);
  }
  const [first] = root.children;
  if (!first) throw new Error(`no XML: ${text.slice(0, 200)}`);
  return first;
}

export function writeXml(name: string, content: string, namespace?: string): string {
  return `<${name}${namespace ? ` xmlns="${namespace}"` : ""}>${content}</${name}>`;
}

export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function unescaped(text: string): string {
  return text.replaceAll(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal, hex, named) => {
    if (named !== undefined) return entities[named] ?? whole;
    return String.fromCodePoint(Number.parseInt(decimal ?? hex, decimal === undefined ? 16 : 10));
  });
}
