import { copyFile, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type KubeObject, refKey, refOf } from "../../src/model/objects.js";
import { localFiles } from "../../src/velero/files.js";
import { backupFindings } from "../../src/velero/findings.js";
import { defaultLimits } from "../../src/velero/limits.js";
import { readRecord } from "../../src/velero/record.js";
import { temporaryFolder } from "../kube/fake-server.js";
import { objectsOf, readFrom } from "./archives.js";

const fixtures = join(dirname(fileURLToPath(import.meta.url)), "fixtures");
const key = (object: KubeObject) => `${object.apiVersion} ${refKey(refOf(object))}`;
const sorted = (objects: KubeObject[]) => objects.sort((a, b) => (key(a) < key(b) ? -1 : 1));

// fixtures/README.md says how Velero made them.
const recordBeside = async (archive: string) => readRecord(await localFiles(archive), defaultLimits);

describe.each([
  { name: "plain", objects: 36 },
  { name: "versions", objects: 43 },
])("Velero's own backup $name", ({ name, objects }) => {
  const archive = join(fixtures, name, `${name}.tar.gz`);

  it("holds exactly what the API server gave at the time, in every version", async () => {
    const lines = (await readFile(join(fixtures, name, "api.jsonl"), "utf8")).trim().split("\n");
    const backup = await readFrom(archive);
    const found = (await Promise.all(backup.resources.map((each) => objectsOf(backup, each)))).flat();
    await backup.close();
    expect(found).toHaveLength(objects);
    expect(sorted(found)).toEqual(sorted(lines.map((line) => JSON.parse(line))));
    expect(found.map(key)).toContain(
      "rbac.authorization.k8s.io/v1 ClusterRole.rbac.authorization.k8s.io лавка:читатель",
    );
  });

  it("says beside it what it's a backup of", async () => {
    expect(await recordBeside(archive)).toMatchObject({
      phase: "Completed",
      errors: 0,
      serverVersion: "v1.24.17",
      startedAt: expect.stringMatching(/^2026-11-24T/),
    });
  });

  it("is not another backup's", async () => {
    const folder = await temporaryFolder();
    const other = join(folder, "other.tar.gz");
    await copyFile(archive, other);
    expect(await recordBeside(other)).toBeUndefined();
    await copyFile(join(fixtures, name, "velero-backup.json"), join(folder, "velero-backup.json"));
    await expect(recordBeside(other)).rejects.toThrow(`is of backup "${name}", not of other`);
  });
});

it("the backup of all versions has those that the preferred one stands beside, the preferred first", async () => {
  const backup = await readFrom(join(fixtures, "versions", "versions.tar.gz"));
  await backup.close();
  const scalers = backup.resources.filter(({ kind }) => kind === "HorizontalPodAutoscaler");
  expect(scalers.map(({ version }) => version)).toEqual(["v2", "v1", "v2beta1", "v2beta2"]);
});

it("of a backup that failed in part says which object lacks, and why, by all that lies beside it", async () => {
  const backup = await readFrom(join(fixtures, "partial", "partial.tar.gz"));
  await backup.close();
  expect(backup.record).toMatchObject({ phase: "PartiallyFailed", errors: 2, items: 5 });
  expect(backup.lacking).toEqual([{ apiVersion: "v1", group: "", kind: "Pod", namespace: "shop", name: "web" }]);
  expect(backupFindings(backup)).toMatchObject([
    {
      id: "backup-lacks-object",
      object: { kind: "Pod", namespace: "shop", name: "web" },
      why: expect.stringContaining("Error running pre hooks for pod"),
    },
    { id: "backup-error", why: expect.stringContaining("Error executing hook") },
  ]);
});

it("of a server that has both forms of definitions has them in one, migrated where Velero put the older in its place", async () => {
  const backup = await readFrom(join(fixtures, "crds", "crds.tar.gz"));
  const definitions = backup.resources.find(({ version }) => version === "v1");
  if (!definitions) throw new Error("there are no definitions");
  const found = await objectsOf(backup, definitions);
  await backup.close();
  expect(backup).toMatchObject({ record: { phase: "Completed", items: 14 }, lacking: [] });
  expect(found).toHaveLength(14);
  expect(new Set(found.map(({ apiVersion }) => apiVersion))).toEqual(new Set(["apiextensions.k8s.io/v1"]));
  expect(found.find(({ metadata }) => metadata.name === "mice.acme.example")?.spec).toMatchObject({
    versions: [{ name: "v1", storage: true, schema: { openAPIV3Schema: { type: "object" } } }],
  });
});
