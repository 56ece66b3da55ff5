import type { Migration } from "../../src/model/migration.js";
import { atVersion } from "./json.js";

/**
 * A migration whose versions have the same fields, defaults and meaning: only the apiVersion changes. It is a line of the
 * list, and needs no file of its own.
 *
 * @param to the apiVersion that it writes: v1 of the same group unless told otherwise
 */
export function versionOnly(
  id: string,
  group: string,
  kind: string,
  versions: string[],
  removedIn: string,
  to = `${group}/v1`,
): Migration {
  return {
    id,
    from: { group, kind, versions },
    to,
    removedIn,
    summary: "Only the version changes.",
    migrate: (object) => ({ result: "objects", objects: [atVersion(object, to)] }),
  };
}
