import type { Outcome } from "../../src/model/accounting.js";
import { refKey } from "../../src/model/objects.js";
import type { Restored } from "../../src/sandbox/velero/restore.js";
import type { Archive, Backed } from "./archive.js";
import type { Fate } from "./fates.js";

/** What a tool says of an object that isn't on green. */
export type Said = (backed: Backed) => Pick<Fate, "fate" | "why">;

const lost = (): ReturnType<Said> => ({ fate: "lost", why: [] });

/** By its account of each object. */
export function saidByClustershift(outcomes: readonly Outcome[]): Said {
  const byKey = new Map(outcomes.map((outcome) => [refKey(outcome.object), outcome]));
  return ({ key }) => {
    const outcome = byKey.get(key);
    if (outcome?.ending === "failed") return { fate: "failed", why: [outcome.reason ?? "no reason given"] };
    const gone = outcome && ["skipped", "dropped", "derived"].includes(outcome.ending);
    return gone ? { fate: "left-out", why: [`${outcome.ending}: ${outcome.by ?? outcome.reason}`] } : lost();
  };
}

/** By the errors and warnings of its results, and its list of what it restored. */
export function saidByVelero({ errors, warnings, items }: Restored): Said {
  return ({ ref, versions }) => {
    const name = new RegExp(`(^|[^\\w.-])${ref.name.replace(/[^\w]/g, "\\$&")}([^\\w.-]|$)`);
    const about = (message: string) =>
      name.test(message) && message.toLowerCase().includes(ref.kind.toLowerCase().slice(0, -1));
    const [error, warning] = [errors.find(about), warnings.find(about)];
    if (error !== undefined) return { fate: "failed", why: [withoutName(error, ref.name, ref.namespace)] };
    if (warning !== undefined) return { fate: "left-out", why: [withoutName(warning, ref.name, ref.namespace)] };
    const id = ref.namespace ? `${ref.namespace}/${ref.name}` : ref.name;
    const entries = versions.flatMap(({ apiVersion, kind }) => items[`${apiVersion}/${kind}`] ?? []);
    const entry = entries.find((each) => each.startsWith(`${id}(`));
    if (entry === undefined) return lost();
    const word = entry.slice(id.length + 1, -1);
    return { fate: word === "skipped" ? "left-out" : "lost", why: [`says ${word}`] };
  };
}

export function putByClustershift(outcomes: readonly Outcome[]): Set<string> {
  const put = outcomes.filter(({ ending }) => ending === "migrated" || ending === "merged");
  return new Set(put.map(({ object }) => refKey(object)));
}

export function putByVelero({ items }: Restored, archive: Archive): Set<string> {
  const put = new Set<string>();
  for (const [key, { ref, versions }] of archive) {
    const id = ref.namespace ? `${ref.namespace}/${ref.name}` : ref.name;
    const entries = versions.flatMap(({ apiVersion, kind }) => items[`${apiVersion}/${kind}`] ?? []);
    if (entries.some((entry) => entry === `${id}(created)` || entry === `${id}(updated)`)) put.add(key);
  }
  return put;
}

/** So that messages of one cause are one. */
function withoutName(message: string, name: string, namespace: string | undefined): string {
  const names = [name, ...(namespace ? [namespace] : [])];
  return names.reduce((text, each) => text.replaceAll(each, "…"), message).replaceAll("…/…", "…");
}
