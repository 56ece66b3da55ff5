import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { apiRemovals, isRemovedAt, removalOf, replacementAt } from "../../migrations/api-removals.js";
import { migrationFor, migrations } from "../../migrations/index.js";
import { compareMinor, parseKubeVersion } from "../../src/model/kube-version.js";
import type { Migration } from "../../src/model/migration.js";
import { migrateOne, objectFor } from "./apply.js";

const TABLES = ["index", "api-removals", "hops"];

const files = readdirSync(join(import.meta.dirname, "../../migrations"))
  .filter((file) => file.endsWith(".ts"))
  .map((file) => basename(file, ".ts"))
  .filter((name) => !TABLES.includes(name));

const minor = (text: string) => parseKubeVersion(text) ?? { major: 0, minor: 0 };

/** Sent to the API server and answered, never stored. */
const REQUESTS = [
  ...["DeploymentRollback", "Eviction", "Scale", "SelfSubjectReview", "TokenReview"],
  ...["LocalSubjectAccessReview", "SelfSubjectAccessReview", "SelfSubjectRulesReview", "SubjectAccessReview"],
];

describe("the list of migrations", () => {
  it("has each file's one migration, and its id is the file's name", async () => {
    for (const file of files) {
      const exports = Object.values(await import(`../../migrations/${file}.ts`));
      expect(exports, file).toHaveLength(1);
      expect(exports[0]).toMatchObject({ id: file });
      expect(migrations).toContain(exports[0]);
    }
    expect(new Set(migrations.map(({ id }) => id)).size).toBe(migrations.length);
  });

  it.each(migrations.filter(({ id }) => !files.includes(id)))(
    "$id has no file, so it changes nothing but the version",
    (migration) => {
      for (const version of migration.from.versions) {
        const object = objectFor(migration, { spec: { a: [1, { b: null }] }, data: "x", status: {} }, version);
        expect(migrateOne(migration, object)).toStrictEqual({ ...object, apiVersion: migration.to });
      }
    },
  );

  it("has no two for the same kind and version, but for a drop where the successor is gone too", () => {
    for (const drops of [true, false]) {
      const froms = migrations
        .filter(({ to }) => (to === null) === drops)
        .flatMap(({ from }) => from.versions.map((v) => `${from.group}/${v} ${from.kind}`));
      expect(froms.filter((from, at) => froms.indexOf(from) !== at)).toEqual([]);
    }
  });

  it("is in the order of releases", () => {
    const releases = migrations.map(({ removedIn }) => minor(removedIn));
    expect(releases).toEqual(releases.toSorted(compareMinor));
  });

  it.each(migrations)("$id is of versions that were removed, the last of them when it says", (migration) => {
    const { from, to, removedIn } = migration;
    const removals = from.versions.map(
      (version) => removalOf(apiRemovals, { ...from, version }) ?? expect.fail(`${version} was never removed`),
    );
    if (to === null) {
      // A drop is needed from when the last successor is gone.
      const before = { ...minor(removedIn), minor: minor(removedIn).minor - 1 };
      for (const removal of removals) {
        expect(replacementAt(apiRemovals, removal, minor("1.35"))).toBeNull();
        expect(isRemovedAt(removal, before) && replacementAt(apiRemovals, removal, before) === null).toBe(false);
      }
      return;
    }
    const last = removals.map((removal) => minor(removal.removedIn)).toSorted(compareMinor);
    expect(last.at(-1)).toEqual(minor(removedIn));
  });

  it.each(migrations.filter(({ to }) => to !== null))("$id writes what the table of removals names", (migration) => {
    const { from, to } = migration;
    for (const version of from.versions) {
      const removal = removalOf(apiRemovals, { ...from, version }) ?? expect.fail();
      const releases = ["1.16", "1.24", "1.35"].map((at) => replacementAt(apiRemovals, removal, minor(at)));
      expect(releases).toContain(to);
    }
  });

  it("writes no version that 1.35 has removed, unless a drop takes over there", () => {
    for (const { id, from, to } of migrations) {
      const [group = "", version = ""] = to?.split("/") ?? [];
      const gone = removalOf(apiRemovals, { group, kind: from.kind, version }) !== undefined;
      const dropped = migrations.some((other) => other.to === null && sameKind(other, from));
      expect(gone && !dropped, id).toBe(false);
    }
  });

  it("covers each stored kind that some release stopped serving", () => {
    const uncovered = apiRemovals
      .filter(({ kind }) => !REQUESTS.includes(kind))
      .filter((removal) => !migrationFor(migrations, removal, removal.version));
    expect(uncovered).toEqual([]);
    expect(REQUESTS.filter((kind) => !apiRemovals.some((removal) => removal.kind === kind))).toEqual([]);
  });
});

function sameKind({ from }: Migration, { group, kind }: Migration["from"]): boolean {
  return from.group === group && from.kind === kind;
}

describe("migrationFor", () => {
  it.each([
    ["policy", "PodDisruptionBudget", "v1beta1", "pod-disruption-budget"],
    ["autoscaling", "HorizontalPodAutoscaler", "v2beta2", "horizontal-pod-autoscaler-v2beta2"],
    ["extensions", "Ingress", "v1beta1", "ingress-extensions"],
    ["flowcontrol.apiserver.k8s.io", "FlowSchema", "v1beta3", "flow-schema"],
  ])("finds %s %s %s", (group, kind, version, id) => {
    expect(migrationFor(migrations, { group, kind }, version)?.id).toBe(id);
  });

  it.each([
    ["policy", "PodDisruptionBudget", "v1"],
    ["apps", "PodDisruptionBudget", "v1beta1"],
    ["policy", "Eviction", "v1beta1"],
  ])("finds none for %s %s %s", (group, kind, version) => {
    expect(migrationFor(migrations, { group, kind }, version)).toBeUndefined();
  });
});
