import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { apiRemovals, removalOf } from "../../migrations/api-removals.js";
import { migrationFor, migrations } from "../../migrations/index.js";
import { compareMinor, parseKubeVersion } from "../../src/model/kube-version.js";

const TABLES = ["index", "api-removals", "hops"];

const files = readdirSync(join(import.meta.dirname, "../../migrations"))
  .filter((file) => file.endsWith(".ts"))
  .map((file) => basename(file, ".ts"))
  .filter((name) => !TABLES.includes(name));

const minor = (text: string) => parseKubeVersion(text) ?? { major: 0, minor: 0 };

describe("the list of migrations", () => {
  it("has each file's one migration, and its id is the file's name", async () => {
    for (const file of files) {
      const exports = Object.values(await import(`../../migrations/${file}.ts`));
      expect(exports, file).toHaveLength(1);
      expect(exports[0]).toMatchObject({ id: file });
      expect(migrations).toContain(exports[0]);
    }
    expect(migrations.map(({ id }) => id).sort()).toEqual(files.sort());
  });

  it("has no two for the same kind and version", () => {
    const froms = migrations.flatMap(({ from }) => from.versions.map((v) => `${from.group}/${v} ${from.kind}`));
    expect(froms.filter((from, at) => froms.indexOf(from) !== at)).toEqual([]);
  });

  it("is in the order of releases", () => {
    const releases = migrations.map(({ removedIn }) => minor(removedIn));
    expect(releases).toEqual(releases.toSorted(compareMinor));
  });

  it.each(migrations)(
    "$id is of versions that were removed, the last of them when it says",
    ({ from, to, removedIn }) => {
      const removals = from.versions.map((version) => removalOf(apiRemovals, { ...from, version }));
      expect(removals).not.toContain(undefined);
      const last = removals
        .map((removal) => minor(removal?.removedIn ?? ""))
        .toSorted(compareMinor)
        .at(-1);
      expect(last).toEqual(minor(removedIn));
      if (to === null) expect(removals.map((removal) => removal?.replacement)).toEqual([null]);
    },
  );

  it("writes no version that 1.35 has removed", () => {
    for (const { id, from, to } of migrations) {
      const version = to?.split("/")[1] ?? "";
      expect(removalOf(apiRemovals, { group: to?.split("/")[0] ?? "", kind: from.kind, version }), id).toBeUndefined();
    }
  });

  it("covers each kind that 1.24 stores and serves, and 1.35 doesn't", () => {
    const requests = ["Eviction", "SelfSubjectReview"]; // sent to the API server, never stored
    const uncovered = apiRemovals
      .filter(
        ({ removedIn, version }) => compareMinor(minor(removedIn), minor("1.24")) > 0 && !version.includes("alpha"),
      )
      .filter((removal) => !requests.includes(removal.kind))
      .filter((removal) => !migrationFor(migrations, removal, removal.version));
    expect(uncovered).toEqual([]);
  });
});

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
