import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../model/errors.js";
import type { Place } from "../model/finding.js";
import type { KubeObject } from "../model/objects.js";
import { decode } from "./decode.js";
import { type FileDocument, Unreadable } from "./document.js";
import { readJson } from "./json.js";
import { defaultLimits, type Limits } from "./limits.js";
import { type Fault, refused } from "./refused.js";
import { sortOut } from "./sort-out.js";
import { walk } from "./walk.js";
import { readYaml } from "./yaml.js";

/** One object, as it stands in a file. */
export interface Placed {
  object: KubeObject;
  place: Place;
}

/** What isn't used, and why: nothing is left out in silence. */
export interface LeftOut {
  /** `file:line`, or the file or folder as a whole. */
  where: string;
  why: string;
}

/** All that was found in a folder, in the order of its files: lists taken apart, but nothing else done to it. */
export interface Manifests {
  objects: Placed[];
  leftOut: LeftOut[];
  /** How many files were read. */
  files: number;
}

export interface ReadFolderOptions {
  /** How the folder is called in places and messages; its path unless given. */
  shown?: string;
  limits?: Partial<Limits>;
  signal?: AbortSignal;
  onProgress?: (objects: number) => void;
}

/**
 * Reads every .yaml, .yml and .json file below a folder, or one file. Throws `UserError` bundle-invalid that names file and line of
 * everything that is broken: cut off, no YAML, bombs. What is whole but no object is in `leftOut`.
 */
export async function readFolder(path: string, options: ReadFolderOptions = {}): Promise<Manifests> {
  const limits = { ...defaultLimits, ...options.limits };
  const single = (await lstat(path)).isFile();
  const found = single ? { files: [""], others: [], links: [], hidden: [] } : await walk(path, limits.files);
  const shown = (file: string) => join(options.shown ?? path, file);
  const manifests: Manifests = { objects: [], leftOut: [], files: found.files.length };
  const faults: Fault[] = [];
  for (const file of found.files) {
    options.signal?.throwIfAborted();
    await readInto(manifests, faults, { path: join(path, file), shown: shown(file), limits });
    options.onProgress?.(manifests.objects.length);
  }
  if (faults.length > 0) throw refused(faults);
  for (const link of found.links)
    manifests.leftOut.push({ where: shown(link), why: "is a link, which isn't followed" });
  for (const folder of found.hidden)
    manifests.leftOut.push({ where: shown(folder), why: "is a hidden folder, which isn't looked into" });
  for (const other of found.others)
    manifests.leftOut.push({ where: shown(other), why: "is no .yaml, .yml or .json file" });
  return manifests;
}

interface OneFile {
  path: string;
  shown: string;
  limits: Limits;
}

async function readInto(manifests: Manifests, faults: Fault[], { path, shown, limits }: OneFile): Promise<void> {
  const fault = (line: number, what: string) => faults.push({ place: { file: shown, line }, what });
  let documents: FileDocument[];
  try {
    const { size } = await lstat(path);
    if (size > limits.fileBytes)
      return void fault(1, `has ${size} bytes, more than the ${limits.fileBytes} that are read`);
    const text = decode(await readFile(path));
    // Some call YAML .json: kubectl looks at the text too.
    documents = /\.json$/i.test(path) && /^\s*[{[]/.test(text) ? readJson(text, limits) : readYaml(text, limits);
    if (!/\.json$/i.test(path) && isCutShort(text)) {
      const why = "ends without a line break, which kubectl writes: see that it isn't cut off";
      manifests.leftOut.push({ where: shown, why: `is used, but ${why}` });
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) return void fault(1, messageOf(error));
    const where = `${shown}:${error.line}`;
    if (!error.template) return void fault(error.line, error.message);
    return void manifests.leftOut.push({ where, why: "is a template ({{ }}): render it first, as by `helm template`" });
  }
  for (const { value, line, itemLines } of documents) take(value, { file: shown, line }, itemLines);

  function take(
    value: unknown,
    place: Place,
    itemLines: readonly number[],
    list?: { apiVersion: string; kind: string },
  ) {
    const sorted = sortOut(value, shown, list);
    if (sorted.is === "object") manifests.objects.push({ object: sorted.object, place });
    else if (sorted.is === "broken") fault(place.line, sorted.what);
    else if (sorted.is === "other") manifests.leftOut.push({ where: `${shown}:${place.line}`, why: sorted.why });
    else {
      const of = itemType(value);
      for (const [index, item] of sorted.items.entries())
        take(item, { ...place, line: itemLines[index] ?? place.line }, [], of);
    }
  }
}

/** `DeploymentList` of `apps/v1` says what its items are; `List` doesn't. */
function itemType(list: unknown): { apiVersion: string; kind: string } | undefined {
  const { apiVersion, kind } = list as { apiVersion: string; kind: string };
  return kind === "List" ? undefined : { apiVersion, kind: kind.slice(0, -"List".length) };
}

/** kubectl ends each document with a line break: what has a UID came from a server, and where the disk was full it lacks one. */
function isCutShort(text: string): boolean {
  return !text.endsWith("\n") && /^\s+uid: /m.test(text);
}
