import type { Migration } from "../../src/model/migration.js";
import { groupOf, type KubeObject, versionOf } from "../../src/model/objects.js";

const mostSteps = 8;

/** An object in another apiVersion, by a chain of migrations that each make one object of one; undefined where none leads there. */
export function broughtTo(
  object: KubeObject,
  target: string,
  migrations: readonly Migration[],
): KubeObject | undefined {
  return lead(object, target, migrations, 0);
}

function lead(
  object: KubeObject,
  target: string,
  migrations: readonly Migration[],
  steps: number,
): KubeObject | undefined {
  if (object.apiVersion === target) return object;
  if (steps > mostSteps) return undefined;
  for (const { from, to, migrate } of migrations) {
    if (to === null || from.kind !== object.kind || from.group !== groupOf(object.apiVersion)) continue;
    if (!from.versions.includes(versionOf(object.apiVersion))) continue;
    const result = migrate(object);
    const [only, ...others] = result.result === "objects" ? result.objects : [];
    if (!only || others.length > 0 || only.kind !== object.kind) continue;
    const there = lead(only, target, migrations, steps + 1);
    if (there) return there;
  }
  return undefined;
}
