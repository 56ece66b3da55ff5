import { expect, it } from "vitest";
import type { KubeObject } from "../../src/model/objects.js";
import { defaultLimits } from "../../src/velero/limits.js";
import { podsOfBackup } from "../../src/velero/pod-data.js";
import { backupOf, listsBeside } from "./lists.js";

const files = (pod: string, volume: string, status: object) => ({
  metadata: { name: `nightly-${pod}-${volume}` },
  spec: { pod: { namespace: "shop", name: pod }, volume },
  status,
});
const kept = { phase: "Completed", snapshotID: "k1" };

const pod = (namespace: string, name: string, annotations: Record<string, string> = {}): KubeObject => ({
  ...{ apiVersion: "v1", kind: "Pod", metadata: { namespace, name, labels: { app: "db" }, annotations } },
  spec: {
    initContainers: [{ name: "restore-wait" }, { name: "chown" }],
    containers: [{ name: "db" }],
    volumes: [
      { name: "data", persistentVolumeClaim: { claimName: "data-0" } },
      { name: "wal", persistentVolumeClaim: { claimName: "wal-0" } },
      { name: "scratch", emptyDir: {} },
      { name: "config", configMap: { name: "db" } },
    ],
  },
});

it("of a backup's Pods tells which of their volumes it has the files of", async () => {
  const lists = {
    podvolumebackups: [
      files("db-0", "data", kept),
      files("db-0", "scratch", kept),
      files("db-0", "wal", { phase: "Failed" }),
      // An empty volume has no snapshot, and counts as done.
      files("db-1", "data", { phase: "Completed", message: "volume was empty so no snapshot was taken" }),
    ],
  };
  const hook = { "init.hook.restore.velero.io/container-image": "alpine" };
  const pods = [pod("shop", "db-0"), pod("shop", "db-1", hook), pod("other", "db-0")];
  const both = { namespace: "shop", labels: { app: "db" }, claims: ["data-0", "wal-0"], initContainers: ["chown"] };
  expect(await podsOfBackup(backupOf("Pod", pods), listsBeside(lists), defaultLimits)).toEqual([
    {
      ...{ ...both, name: "db-0", hooked: false },
      volumes: [
        { name: "data", persistentVolumeClaim: { claimName: "data-0" } },
        { name: "scratch", emptyDir: {} },
      ],
    },
    { ...both, name: "db-1", hooked: true, volumes: [] },
  ]);
});

it("reads no Pod where the backup has no files of any", async () => {
  const backup = { ...backupOf("Pod", []), batches: () => expect.unreachable() };
  expect(await podsOfBackup(backup, listsBeside({}), defaultLimits)).toEqual([]);
});
