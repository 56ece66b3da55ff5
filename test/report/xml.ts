/** A node of a document that xmlElements read. */
export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
}

const allowed = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

/**
 * Reads XML 1.0 strictly: throws where a parser would refuse. It knows what JUnit files need, elements and attributes,
 * and no more.
 */
export function readXml(text: string): XmlElement {
  if (!allowed.test(text)) throw new Error("holds a character that XML has not");
  const body = text.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, "");
  const root: XmlElement = { name: "", attributes: {}, children: [] };
  const open = [root];
  const token = /<(\/?)([a-z]+)((?:\s+[a-z]+="[^"<]*")*)\s*(\/?)>|\s+/y;
  while (token.lastIndex < body.length) {
    const from = token.lastIndex;
    const match = token.exec(body);
    if (!match) throw new Error(`isn't XML at ${JSON.stringify(body.slice(from, from + 200))}`);
    const [, closing, name, attributes = "", empty] = match;
    if (!name) continue;
    if (closing) {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes nothing`);
      continue;
    }
    const element: XmlElement = { name, attributes: readAttributes(attributes), children: [] };
    open.at(-1)?.children.push(element);
    if (!empty) open.push(element);
  }
  const [only, ...others] = root.children;
  if (open.length !== 1 || !only || others.length > 0) throw new Error("has not exactly one whole root");
  return only;
}

function readAttributes(text: string): Record<string, string> {
  const found = [...text.matchAll(/([a-z]+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, unescaped(value)]);
  if (new Set(found.map(([name]) => name)).size !== found.length) throw new Error("has an attribute twice");
  return Object.fromEntries(found) as Record<string, string>;
}

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function unescaped(value: string): string {
  // A parser turns line breaks that aren't escaped into blanks.
  return value.replace(/[\t\n\r]/g, " ").replace(/&(?:#(\d+)|([a-z]+));|&/g, (_, code?: string, name?: string) => {
    const character = code ? String.fromCodePoint(Number(code)) : entities[name ?? ""];
    if (character === undefined) throw new Error("holds a bare &");
    return character;
  });
}
