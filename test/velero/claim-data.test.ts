import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../src/model/objects.js";
import { claimsOfBackup } from "../../src/velero/claim-data.js";
import type { BackupFiles } from "../../src/velero/files.js";
import { defaultLimits } from "../../src/velero/limits.js";
import { resource } from "../replay/objects.js";

const claim = (name: string, volumeName?: string): KubeObject => ({
  ...{ apiVersion: "v1", kind: "PersistentVolumeClaim", spec: { ...(volumeName && { volumeName }) } },
  metadata: { name, namespace: "shop", labels: { app: name } },
});

/** A backup of these claims, with lists beside it. */
async function claimsOf(claims: readonly KubeObject[], lists: Record<string, object[]>) {
  const files = new Map(
    Object.entries(lists).map(([name, list]) => [`b-${name}.json.gz`, gzipSync(JSON.stringify(list))]),
  );
  const beside: BackupFiles = {
    ...{ name: "b", archive: "b.tar.gz", shown: (file) => file },
    sizes: new Map([...files].map(([name, { length }]) => [name, length])),
    async *read(file) {
      yield files.get(file) ?? Buffer.alloc(0);
    },
  };
  const backup = {
    resources: [resource("v1 ConfigMap"), resource("v1 PersistentVolumeClaim")],
    async *batches() {
      yield [...claims];
    },
  };
  const found = await claimsOfBackup(backup, beside, defaultLimits);
  return found.map(({ name, method, lacks }) => [name, method ?? lacks]);
}

const info = (pvcName: string, parts: object) => ({ pvcName, pvcNamespace: "shop", pvName: `pv-${pvcName}`, ...parts });

describe("what a backup has of claims", () => {
  it("is by Velero's own account of volumes, where it wrote one", async () => {
    const names = ["native", "csi", "moved", "files", "skipped", "failed", "unknown"];
    const volumeinfo = [
      info("native", { backupMethod: "NativeSnapshot", result: "succeeded" }),
      info("csi", { backupMethod: "CSISnapshot", snapshotDataMoved: false }),
      info("moved", { backupMethod: "CSISnapshot", snapshotDataMoved: true }),
      info("files", { backupMethod: "PodVolumeBackup" }),
      info("skipped", { skipped: true, skippedReason: "by policy" }),
      info("failed", { backupMethod: "NativeSnapshot", result: "failed" }),
    ];
    expect(
      await claimsOf(
        names.map((name) => claim(name)),
        { volumeinfo },
      ),
    ).toEqual([
      ...["native", "csi", "moved", "files"].map((name) => [name, name]),
      ["skipped", "Velero left its volume out: by policy"],
      ["failed", "Velero failed to back up its volume"],
      ["unknown", undefined],
    ]);
  });

  it("is by its lists of snapshots, where it's an older one's", async () => {
    const snapshot = (persistentVolumeName: string, phase: string) => ({
      spec: { backupName: "b", persistentVolumeName },
      status: { phase },
    });
    const lists = {
      volumesnapshots: [snapshot("pv-a", "Completed"), snapshot("pv-b", "Failed")],
      "csi-volumesnapshots": [
        { metadata: { namespace: "shop", name: "s" }, spec: { source: { persistentVolumeClaimName: "c" } } },
      ],
    };
    expect(await claimsOf([claim("a", "pv-a"), claim("b", "pv-b"), claim("c", "pv-c"), claim("d")], lists)).toEqual([
      ["a", "native"],
      ["b", "its snapshot is Failed"],
      ["c", "csi"],
      ["d", undefined],
    ]);
  });
});
