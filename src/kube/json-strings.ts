/** Where something stands in a JSON text: field names and list indexes. */
type Path = readonly (string | number)[];

/**
 * A JSON text with other strings in some places; every other byte stays as it was, so that numbers, the order of fields and
 * escapes of others survive, which parsing and printing again would change.
 *
 * @param text valid JSON: what JSON.parse takes
 * @param change gives the new string for a string value, or undefined to leave it. Names of fields are never asked for.
 */
export function replaceStrings(text: string, change: (path: Path, value: string) => string | undefined): string {
  const parts: string[] = [];
  let copied = 0;
  for (const { path, start, end } of stringValues(text)) {
    const changed = change(path, JSON.parse(text.slice(start, end)) as string);
    if (changed === undefined) continue;
    parts.push(text.slice(copied, start), JSON.stringify(changed));
    copied = end;
  }
  return parts.join("") + text.slice(copied);
}

/** Every string value, with its path and the place of its quotes. No recursion: a text may nest as deep as it likes. */
function* stringValues(text: string): Generator<{ path: Path; start: number; end: number }> {
  const path: (string | number)[] = [];
  let named = false;
  for (let at = 0; at < text.length; ) {
    const character = text[at];
    if (character === '"') {
      const end = endOfString(text, at);
      const last = path.at(-1);
      if (typeof last === "string" && !named) path[path.length - 1] = JSON.parse(text.slice(at, end)) as string;
      else yield { path: [...path], start: at, end };
      at = end;
      continue;
    }
    if (character === "{") path.push("");
    else if (character === "[") path.push(0);
    else if (character === "}" || character === "]") path.pop();
    else if (character === ",") {
      const last = path.at(-1);
      if (typeof last === "number") path[path.length - 1] = last + 1;
    }
    // Between a colon and the next comma or brace stands a field's value.
    if (character === ":") named = true;
    else if (character === "{" || character === ",") named = false;
    at++;
  }
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; at++) {
    at = text.indexOf('"', at);
    let escapes = 0;
    while (text[at - 1 - escapes] === "\\") escapes++;
    if (escapes % 2 === 0) return at + 1;
  }
}
