import { type Document, parseDocument, stringify } from "yaml";
import { isObject, sameJson } from "../../model/json.js";
import type { KubeObject } from "../../model/objects.js";

/** What becomes of one document: other objects, none, or undefined where it stays as it is. */
export type Convert = (object: KubeObject) => readonly KubeObject[] | undefined;

/**
 * A manifest of many YAML documents with some of them converted; the others, their order, comments and separators stay as
 * they are, byte for byte. Where only the version changes, nothing else of its document does. A document that can't be
 * read stays.
 */
export function convertManifest(manifest: string, convert: Convert): string {
  // A line that begins with three dashes ends a document wherever it stands, in texts of several lines too.
  const parts = manifest.split(/^(---(?:[ \t].*)?\r?\n?)/m);
  return parts.map((part, index) => (index % 2 === 1 ? part : converted(part, convert))).join("");
}

function converted(text: string, convert: Convert): string {
  const document = read(text);
  const object: unknown = document?.toJS();
  if (!document || !isKubeObject(object)) return text;
  const become = convert(object);
  if (!become) return text;
  const [first, ...others] = become;
  const range = document.get("apiVersion", true) as { range?: [number, number, number] } | undefined;
  if (
    first &&
    others.length === 0 &&
    range?.range &&
    sameJson({ ...first, apiVersion: "" }, { ...object, apiVersion: "" })
  ) {
    const [start, end] = range.range;
    return text.slice(0, start) + first.apiVersion + text.slice(end);
  }
  // Which template it came from is said above it.
  const head = /^(?:[ \t]*(?:#.*)?\r?\n)*/.exec(text)?.[0] ?? "";
  return head + become.map((it) => stringify(it, yaml)).join("---\n");
}

/** Helm reads YAML 1.1, in which `yes` and `on` are booleans, but leaves dates the texts that they are. */
const yaml = {
  version: "1.1",
  customTags: (tags: readonly unknown[]) =>
    tags.filter((tag) => !/:(timestamp|binary|omap|pairs|set)$/.test(String((tag as { tag?: string }).tag))),
} as NonNullable<Parameters<typeof parseDocument>[1]> & object;

function read(text: string): Document | undefined {
  if (text.trim() === "") return undefined;
  const document = parseDocument(text, yaml);
  return document.errors.length === 0 ? (document as unknown as Document) : undefined;
}

function isKubeObject(value: unknown): value is KubeObject {
  return (
    isObject(value) &&
    typeof value.apiVersion === "string" &&
    typeof value.kind === "string" &&
    isObject(value.metadata)
  );
}
