/** A piece of a document's text, and how many lines come before it. */
export interface Piece {
  text: string;
  before: number;
}

/** A document that is a long list: its text with the items taken out, and each item, still with its dash. */
export interface SplitList {
  envelope: string;
  items: Piece[];
}

/** The documents of a YAML file. A line that begins with three dashes ends a document wherever it stands, also in a text. */
export function splitDocuments(text: string): Piece[] {
  // Directives belong to the document after the next dashes: a file that has them is left as it is.
  if (/^%/m.test(text)) return [{ text, before: 0 }];
  const pieces: Piece[] = [];
  let start = 0;
  let before = 0;
  for (const { index } of text.matchAll(/^---(?=\s|$)/gm)) {
    if (index === 0) continue;
    pieces.push({ text: text.slice(start, index), before });
    before += linesIn(text, start, index);
    start = index;
  }
  pieces.push({ text: text.slice(start), before });
  return pieces;
}

/**
 * Takes a list as kubectl writes it apart by its lines: parsing a cluster's worth of YAML as one document takes gigabytes. Undefined
 * for everything of another form. What is inside an item is always indented more than its dash, so that no text can look like one.
 */
export function splitList({ text, before }: Piece): SplitList | undefined {
  if (!/^(?:---[ \t]*\r?\n|[ \t]*#.*\r?\n|\s*\r?\n)*[A-Za-z]+:/.test(text)) return undefined;
  const [head, ...others] = [...text.matchAll(/^items:[ \t]*\r?\n/gm)];
  if (!head || others.length > 0) return undefined;
  const first = head.index + head[0].length;
  const dash = /^ *- /.exec(text.slice(first, first + 100))?.[0];
  if (dash === undefined) return undefined;
  const end = endOfItems(text, first, dash);
  const starts = [...text.slice(first, end).matchAll(new RegExp(`^${dash}`, "gm"))].map(({ index }) => first + index);
  let line = before + linesIn(text, 0, first);
  const items = starts.map((start, index): Piece => {
    const stop = starts[index + 1] ?? end;
    const piece = { text: text.slice(start, stop), before: line };
    line += linesIn(text, start, stop);
    return piece;
  });
  return { envelope: `${text.slice(0, head.index)}items: []\n${text.slice(end)}`, items };
}

/** Where a key of the list itself follows, or the text ends. */
function endOfItems(text: string, from: number, dash: string): number {
  const key = dash.startsWith("-") ? /^[^\s#-]/gm : /^[^\s#]/gm;
  key.lastIndex = from;
  return key.exec(text)?.index ?? text.length;
}

function linesIn(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = text.indexOf("\n", from); at >= 0 && at < to; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}
