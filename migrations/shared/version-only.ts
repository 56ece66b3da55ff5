import type { Migration } from "../../src/model/migration.js";
import { atVersion } from "./json.js";

/** A migration whose versions have the same fields, defaults and meaning: only the apiVersion changes. */
export function versionOnly(parts: Omit<Migration, "migrate" | "to"> & { to: string }): Migration {
  return { ...parts, migrate: (object) => ({ result: "objects", objects: [atVersion(object, parts.to)] }) };
}
