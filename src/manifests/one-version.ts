import { apiRemovals, removalOf } from "../../migrations/api-removals.js";
import { broughtTo } from "../../migrations/shared/brought-to.js";
import type { Migration } from "../model/migration.js";
import { groupOf, refKey, versionOf } from "../model/objects.js";
import type { Known } from "./one-of-each.js";
import type { Placed } from "./read-folder.js";
import { type Fault, placeText } from "./refused.js";

/** The objects of one kind in each apiVersion in which all of them are there. */
export type Complete = Map<string, Placed[]>;

/**
 * A version that lacks an object can't stand for its kind: the object would be lost in silence. Where none has all of them, the
 * stragglers are migrated to one that does; where that can't be, it's a fault.
 */
export function completeVersions(known: readonly Known[], migrations: readonly Migration[]): Complete | Fault {
  const versions = [...new Set(known.flatMap((each) => [...each.versions.keys()]))];
  const complete = versions.flatMap((version): [string, Placed[]][] => {
    const objects = known.flatMap((each) => each.versions.get(version) ?? []);
    return objects.length === known.length ? [[version, objects]] : [];
  });
  if (complete.length > 0) return new Map(complete);

  for (const target of new Set([...versions, ...migrations.flatMap(({ to }) => to ?? [])])) {
    const objects = known.map((each) => brought(each, target, migrations));
    if (objects.every((each) => each !== undefined)) return new Map([[target, objects]]);
  }
  return liveTogether(known, versions) ?? apart(known);
}

function brought({ versions }: Known, target: string, migrations: readonly Migration[]): Placed | undefined {
  const there = versions.get(target);
  if (there) return there;
  for (const placed of versions.values()) {
    const object = broughtTo(placed.object, target, migrations);
    if (object) return { ...placed, object };
  }
  return undefined;
}

/** Versions that no release has removed are served side by side: each object may be written in its own. */
function liveTogether(known: readonly Known[], versions: readonly string[]): Complete | undefined {
  const kind = known[0]?.ref.kind ?? "";
  const groups = new Set(versions.map(groupOf));
  const removed = versions.some((version) =>
    removalOf(apiRemovals, { group: groupOf(version), version: versionOf(version), kind }),
  );
  if (removed || groups.size > 1) return undefined;
  const counted = versions.map((version) => ({
    version,
    count: known.filter((each) => each.versions.has(version)).length,
  }));
  const most = counted.sort((a, b) => b.count - a.count)[0]?.version ?? "";
  return new Map([[most, known.flatMap(({ versions: own }) => own.get(most) ?? [...own.values()].slice(0, 1))]]);
}

function apart(known: readonly Known[]): Fault {
  const examples = new Map<string, string>();
  let place = { file: "", line: 1 };
  for (const { ref, versions } of known) {
    const [[version, placed] = []] = versions;
    if (version === undefined || !placed) continue;
    if (!examples.has(version)) examples.set(version, `${refKey(ref)} in ${version} (${placeText(placed.place)})`);
    place = placed.place;
  }
  return {
    place,
    defect: "wrong-version",
    what: `no version has all objects of its kind, and no migration leads from one to another: ${[...examples.values()].join(", ")}`,
  };
}
