import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { backupFindings } from "../../src/velero/findings.js";
import { backupOf, configMap, readFrom, type TestEntry } from "./archives.js";

const map = (name: string): TestEntry => [`resources/configmaps/namespaces/shop/${name}.json`, configMap("shop", name)];

interface Beside {
  status?: object;
  list?: object;
  results?: object;
  [file: string]: unknown;
}

/** A backup of two ConfigMaps, and these files beside it. */
async function backup({ status, list, results, ...others }: Beside): Promise<string> {
  const archive = await backupOf(map("a"), map("b"));
  const put = (file: string, value: unknown) =>
    writeFile(join(dirname(archive), file), gzipSync(Buffer.from(JSON.stringify(value))));
  const record = { kind: "Backup", metadata: { name: "nightly" }, status: { phase: "Completed", ...status } };
  await writeFile(join(dirname(archive), "velero-backup.json"), JSON.stringify(record));
  if (list) await put("nightly-resource-list.json.gz", list);
  if (results) await put("nightly-results.gz", results);
  for (const [file, value] of Object.entries(others)) await put(`nightly-${file}.json.gz`, value);
  return archive;
}
const both = { "v1/ConfigMap": ["shop/a", "shop/b"] };
const three = { "v1/ConfigMap": ["shop/a", "shop/b"], "apps/v1/Deployment": ["shop/web"] };
const items = (count: number, phase = "Completed") => ({ phase, progress: { itemsBackedUp: count } });

describe("what lies beside an archive", () => {
  it("agrees with it", async () => {
    const read = await readFrom(
      await backup({ status: items(2), list: both, volumesnapshots: null, itemoperations: [] }),
    );
    await read.close();
    expect(read).toMatchObject({ lacking: [], remarks: [], volumes: { snapshots: 0, csi: 0, files: 0 } });
    expect(backupFindings(read)).toEqual([]);
  });

  it.each([
    [
      "an object that lacks",
      { status: items(3), list: three },
      /nightly\.tar\.gz: lacks .*: apps\/v1 shop\/Deployment\/web/,
    ],
    ["an object too many", { list: { "v1/ConfigMap": ["shop/a"] } }, /configmaps\/v1\/shop\/b: isn't among the items/],
    [
      "another number than its list",
      { status: items(5), list: both },
      /names 2 items, where velero-backup\.json says 5/,
    ],
    ["another number than the archive", { status: items(5) }, /nightly\.tar\.gz: has 2 items, where .* says 5/],
    [
      "another's operations",
      { itemoperations: [{ spec: { backupName: "other" } }] },
      /is of backup "other", not of nightly/,
    ],
  ])("is refused for %s", async (_title, files, says) => {
    await expect(readFrom(await backup(files))).rejects.toMatchObject({
      code: "bundle-invalid",
      message: expect.stringMatching(says),
    });
  });

  it("names object by object what Velero couldn't back up, in its own words", async () => {
    const results = {
      errors: {
        namespaces: {
          shop: [
            " name: /web message: /Error backing up item error: /the server said no",
            " resource: /configmaps name: /a message: /odd",
          ],
        },
        velero: [" message: /the store was slow"],
      },
      warnings: { cluster: [" resource: /nodes name: /n1 message: /unlikely"] },
    };
    const read = await readFrom(await backup({ status: items(3, "PartiallyFailed"), list: three, results }));
    await read.close();
    expect(read.lacking).toEqual([
      { apiVersion: "apps/v1", group: "apps", kind: "Deployment", namespace: "shop", name: "web" },
    ]);
    expect(backupFindings(read)).toMatchObject([
      {
        id: "backup-lacks-object",
        severity: "warning",
        object: { group: "apps", kind: "Deployment", namespace: "shop", name: "web" },
        why: expect.stringContaining("Error backing up item: the server said no"),
      },
      { id: "backup-error", why: expect.stringContaining("the store was slow") },
      { id: "backup-error", object: { kind: "ConfigMap", namespace: "shop", name: "a" } },
      { id: "backup-warning", severity: "note", why: expect.stringContaining("of nodes/n1: unlikely") },
    ]);
  });

  it("says that volumes' data lies elsewhere", async () => {
    const volumes = [{ spec: { backupName: "nightly" } }, { spec: { backupName: "nightly" } }];
    const read = await readFrom(await backup({ volumesnapshots: volumes, podvolumebackups: [{}] }));
    await read.close();
    expect(backupFindings(read)).toMatchObject([{ id: "backup-has-volumes", count: 3 }]);
  });
});
