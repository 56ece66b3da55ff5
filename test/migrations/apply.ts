import type { Migration, Remark } from "../../src/model/migration.js";
import type { KubeObject } from "../../src/model/objects.js";

/** An object with a name, of a migration's first `from` version unless told otherwise. */
export function objectFor({ from }: Migration, fields: Record<string, unknown> = {}, version?: string): KubeObject {
  const apiVersion = `${from.group}/${version ?? from.versions[0]}`;
  return { apiVersion, kind: from.kind, metadata: { name: "web", namespace: "shop" }, ...fields };
}

/** The one object that a migration gives. Fails the test where it drops, or gives another number. */
export function migrateOne(migration: Migration, object: KubeObject): KubeObject {
  const migrated = migration.migrate(object);
  if (migrated.result !== "objects") throw new Error(`dropped: ${migrated.reason}`);
  const [only, ...more] = migrated.objects;
  if (!only || more.length > 0) throw new Error(`gave ${migrated.objects.length} objects`);
  return only;
}

export function remarkIds(migration: Migration, object: KubeObject): string[] {
  return (migration.migrate(object).remarks ?? []).map(({ id }: Remark) => id);
}
