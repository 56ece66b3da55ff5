import { type Document, isMap, isScalar, LineCounter, parseDocument, type Scalar, visit, type YAMLError } from "yaml";
import { messageOf } from "../model/errors.js";

/** A mistake in the text itself, before its meaning is looked at. */
export interface TextMistake {
  /** Offset in the text. */
  offset: number;
  message: string;
}

export interface ReadYaml {
  document: Document;
  lines: LineCounter;
  value: unknown;
  mistakes: TextMistake[];
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: YAML doesn't allow them, its parsers let them pass
const controlCharacter = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** Aliases may be used; this many expansions stop a file of a few lines from becoming gigabytes. */
const mostAliases = 100;

/** Untrusted YAML to plain JSON values. Where it has mistakes, its value means nothing. */
export function readYaml(text: string): ReadYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const control = controlCharacter.exec(text);
  if (control) {
    return {
      document,
      lines,
      value: undefined,
      mistakes: [{ offset: control.index, message: "holds a control character: remove it" }],
    };
  }
  const mistakes = [...document.errors, ...document.warnings].map((error) => syntaxMistake(error, text));
  if (mistakes.length === 0) mistakes.push(...oddKeys(document), ...shapeMistakes(document));
  if (mistakes.length > 0) return { document, lines, value: undefined, mistakes };
  try {
    const value: unknown = document.toJS({ maxAliasCount: mostAliases });
    // An alias of what it stands in would be a value without end.
    JSON.stringify(value);
    return { document, lines, value, mistakes };
  } catch (error) {
    return {
      document,
      lines,
      value: undefined,
      mistakes: [{ offset: firstAlias(document), message: aliasMistake(error) }],
    };
  }
}

const hints: Partial<Record<YAMLError["code"], string>> = {
  TAB_AS_INDENT: "is indented with a tab: YAML takes blanks only",
  MULTILINE_IMPLICIT_KEY: "isn't YAML from here on: look at its quotes, colons and indentation",
  MULTIPLE_DOCS: 'begins a second document ("---"): one file describes one migration',
  BAD_INDENT: "is indented otherwise than the lines that it belongs to, or a bracket before it is not closed",
  BLOCK_AS_IMPLICIT_KEY:
    "has a second colon, or the line below is indented too far: put the text in quotes, or mend the indentation",
  BAD_SCALAR_START: "begins with a character that YAML keeps for itself: put the text in quotes",
  TAG_RESOLVE_FAILED: 'has a tag ("!…"), which means nothing here: remove it',
};

function syntaxMistake({ code, message, pos }: YAMLError, text: string): TextMistake {
  const offset = pos[0];
  if (code === "DUPLICATE_KEY") {
    const key = /^[^\s:]*/.exec(text.slice(offset))?.[0];
    return { offset, message: `gives the key ${key} a second time: keep one of the two` };
  }
  return { offset, message: hints[code] ?? `isn't YAML: ${message[0]?.toLowerCase()}${message.slice(1)}` };
}

function oddKeys(document: Document): TextMistake[] {
  const mistakes: TextMistake[] = [];
  visit(document, {
    Pair(_, { key }) {
      if (isScalar(key) && typeof key.value === "string") return;
      const offset = (key as Scalar | null)?.range?.[0] ?? 0;
      const shown = isScalar(key) ? key.source || "nothing" : "a list or mapping";
      mistakes.push({ offset, message: `has ${shown} as a key, which must be a text: put it in quotes` });
    },
  });
  return mistakes;
}

function shapeMistakes({ contents }: Document): TextMistake[] {
  const empty = contents === null || (isScalar(contents) && contents.value === null);
  if (empty) return [{ offset: 0, message: "is empty: `clustershift init` writes a first file" }];
  if (isMap(contents)) return [];
  const message = `must begin with keys such as "apiVersion: clustershift.dev/v1", but is ${isScalar(contents) ? "a single text" : "a list"}`;
  return [{ offset: contents.range?.[0] ?? 0, message }];
}

function firstAlias(document: Document): number {
  let offset = 0;
  visit(document, {
    Alias(_, { range }) {
      offset = range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return offset;
}

function aliasMistake(error: unknown): string {
  const words = messageOf(error);
  const unknown = /Unresolved alias[^:]*: (.*)/.exec(words)?.[1];
  if (unknown) return `has the alias *${unknown}, but no &${unknown} stands before it`;
  return words.includes("circular")
    ? "has an alias of what it stands in: a value without end"
    : `has aliases that expand to more than ${mostAliases} values: write them out`;
}
