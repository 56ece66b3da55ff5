import { type Document, isMap, isNode, isSeq, LineCounter, parseAllDocuments, type YAMLError } from "yaml";
import { type FileDocument, Unreadable } from "./document.js";
import { type Limits, tooMuch } from "./limits.js";
import { kubectlScalars } from "./scalars.js";
import { type Piece, splitDocuments, splitList } from "./split-list.js";

/** The documents of a YAML file, empty ones left out. Throws `Unreadable`. */
export function readYaml(text: string, limits: Limits): FileDocument[] {
  return splitDocuments(text).flatMap((piece) => longList(piece, limits) ?? parsePiece(piece, limits));
}

/** A list read item by item; undefined where it must be read as a whole: it's of another form, or items share anchors. */
function longList(piece: Piece, limits: Limits): FileDocument[] | undefined {
  const split = splitList(piece);
  if (!split) return undefined;
  try {
    const [envelope, ...others] = parsePiece({ text: split.envelope, before: piece.before }, limits);
    if (others.length > 0 || typeof envelope?.value !== "object" || envelope.value === null) return undefined;
    const items = split.items.map((item) => {
      const [read] = parsePiece(item, limits);
      return { value: Array.isArray(read?.value) ? read.value[0] : null, line: item.before + 1 };
    });
    const value = { ...envelope.value, items: items.map((item) => item.value) };
    return [{ value, line: envelope.line, itemLines: items.map(({ line }) => line) }];
  } catch (error) {
    if (error instanceof BadAlias) return undefined;
    throw error;
  }
}

/** What it names may stand in another item of the list. */
class BadAlias extends Unreadable {}

function parsePiece({ text, before }: Piece, limits: Limits): FileDocument[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    // What it would show of the text may be a Secret's.
    prettyErrors: false,
    schema: "failsafe",
    customTags: (tags) => [...tags, ...kubectlScalars],
    merge: true,
    stringKeys: true,
  });
  const lineAt = (offset: number) => before + lines.linePos(offset).line;
  return documents.flatMap((document) => {
    // The first tells what is wrong; the others often follow from it. Tags are of no matter where there is no object.
    const error = document.errors[0] ?? (text.includes("apiVersion") ? document.warnings[0] : undefined);
    if (error) {
      throw new Unreadable(lineAt(error.pos[0]), inWords(error), mayBeTemplate(text, error.pos[0]));
    }
    if (document.contents === null) return [];
    const line = lineAt(document.contents.range[0]);
    const value = plain(document, limits, line);
    return value === null ? [] : [{ value, line, itemLines: itemLines(document, lineAt) }];
  });
}

function plain(document: Document, limits: Limits, line: number): unknown {
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: limits.aliases });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    if (error.message.startsWith("Unresolved")) throw new BadAlias(line, "uses an anchor that isn't there");
    throw new Unreadable(line, "uses its anchors too often: it would unfold to a bomb");
  }
  const isList = typeof value === "object" && value !== null && "items" in value && Array.isArray(value.items);
  for (const part of isList ? (value as { items: unknown[] }).items : [value]) {
    const why = tooMuch(part, limits);
    if (why !== undefined) throw new Unreadable(line, why);
  }
  return value;
}

function itemLines({ contents }: Document, lineAt: (offset: number) => number): number[] {
  const items = isMap(contents) ? contents.get("items", true) : undefined;
  if (!isSeq(items)) return [];
  return items.items.map((item) => lineAt(isNode(item) ? (item.range?.[0] ?? 0) : 0));
}

/** Two braces on the line of the error, or shortly before it: what a template puts where YAML has a value. */
function mayBeTemplate(text: string, offset: number): boolean {
  return /\{\{/.test(text.slice(Math.max(0, offset - 2000), offset + 2000));
}

const words: Partial<Record<YAMLError["code"], string>> = {
  BAD_INDENT: "is indented as no YAML can be",
  BLOCK_AS_IMPLICIT_KEY: "has a colon where none can be",
  DUPLICATE_KEY: "has the same key twice",
  KEY_OVER_1024_CHARS: "has a key of more than 1024 characters",
  MISSING_CHAR: "lacks a closing quote or bracket, or a colon: is the file cut off?",
  MULTILINE_IMPLICIT_KEY: "has a key of several lines: is a colon missing?",
  NON_STRING_KEY: "has a key that is no text",
  TAB_AS_INDENT: "is indented by a tab",
  TAG_RESOLVE_FAILED: "has a tag (!…), infinity or NaN, which no object of Kubernetes can hold",
};

function inWords({ code }: YAMLError): string {
  return words[code] ?? `isn't YAML (${code.toLowerCase().replaceAll("_", " ")})`;
}
