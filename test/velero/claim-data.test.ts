import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../src/model/objects.js";
import { claimsOfBackup } from "../../src/velero/claim-data.js";
import { defaultLimits } from "../../src/velero/limits.js";
import { backupOf, listsBeside } from "./lists.js";

const claim = (name: string, volumeName?: string): KubeObject => ({
  ...{ apiVersion: "v1", kind: "PersistentVolumeClaim", spec: { ...(volumeName && { volumeName }) } },
  metadata: { name, namespace: "shop", labels: { app: name } },
});

async function claimsOf(claims: readonly KubeObject[], lists: Record<string, object[]>) {
  const found = await claimsOfBackup(backupOf("PersistentVolumeClaim", claims), listsBeside(lists), defaultLimits);
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

  it("is by its lists of snapshots and of files, where it's an older one's", async () => {
    const snapshot = (persistentVolumeName: string, phase: string) => ({
      spec: { backupName: "b", persistentVolumeName },
      status: { phase },
    });
    const files = (pvcName: string | undefined, phase: string) => ({
      metadata: { name: "v", annotations: pvcName === undefined ? {} : { "velero.io/pvc-name": pvcName } },
      spec: { pod: { namespace: "shop", name: "web-0" }, volume: "v" },
      status: { phase },
    });
    const lists = {
      podvolumebackups: [files("e", "Completed"), files("f", "Failed"), files(undefined, "Completed")],
      volumesnapshots: [snapshot("pv-a", "Completed"), snapshot("pv-b", "Failed")],
      "csi-volumesnapshots": [
        { metadata: { namespace: "shop", name: "s" }, spec: { source: { persistentVolumeClaimName: "c" } } },
      ],
    };
    const claims = [claim("a", "pv-a"), claim("b", "pv-b"), ...["c", "d", "e", "f"].map((name) => claim(name))];
    expect(await claimsOf(claims, lists)).toEqual([
      ["a", "native"],
      ["b", "its snapshot is Failed"],
      ["c", "csi"],
      ["d", undefined],
      ["e", "files"],
      ["f", "the backup of its files is Failed"],
    ]);
  });
});
