import type { KubeObject } from "../../src/model/objects.js";
import type { Backed } from "./archive.js";
import { differences } from "./compare.js";
import type { Found } from "./look.js";
import type { Said } from "./said.js";

/**
 * What became of an object on green: it is there as on blue, but for marks that the tool put on it (`arrived`); it is there and
 * differs (`changed`); it isn't there, and the tool says by which ruling (`left-out`) or by which error (`failed`); or it isn't
 * there, and nobody says so (`lost`).
 */
export interface Fate {
  kind: string;
  fate: "arrived" | "changed" | "left-out" | "failed" | "lost";
  /** Fields that differ, the ruling, or the error without the object's name. */
  why: string[];
  /** Only labels and annotations of the tool's own are new. */
  marked?: true;
  /** Green doesn't serve a version that blue did: that it is there is all that is known. */
  converted?: true;
}

/** What one green has, beside what a bare create of the same objects came to on another one. */
export interface Looked {
  found: Found;
  control: Found;
  live: ReadonlySet<string>;
}

/** Names of labels and annotations that tools put on what they bring. */
const marks = /^metadata\.(labels|annotations)[.[]((velero|clustershift)[\w.-]*\/)/;

export function fateOf(backed: Backed, { found, control, live }: Looked, said: Said): Fate {
  const { kind, key, versions } = backed;
  const green = found.get(key);
  if (!green) return { kind, ...said(backed) };
  const blue = versions.find(({ apiVersion }) => apiVersion === green.apiVersion);
  if (!blue) return { kind, fate: "arrived", why: [], converted: true };
  const sameVersion = (object: KubeObject | undefined) =>
    object?.apiVersion === green.apiVersion ? object : undefined;
  const paths = differences(blue, green, { control: sameVersion(control.get(key)), live });
  const why = paths.filter((path) => !marks.test(path));
  const marked = why.length < paths.length && { marked: true as const };
  return { kind, fate: why.length === 0 ? "arrived" : "changed", why, ...marked };
}
