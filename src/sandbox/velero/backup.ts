import { setTimeout as sleep } from "node:timers/promises";
import type { Api } from "../cluster/api.js";

/** `spec` of Velero's Backup; all of a cluster, without volumes' data, unless said otherwise. */
export type BackupSpec = Record<string, unknown>;

const path = "/apis/velero.io/v1/namespaces/velero/backups";
const atWork = [
  "",
  "New",
  "InProgress",
  "WaitingForPluginOperations",
  "WaitingForPluginOperationsPartiallyFailed",
  "Finalizing",
  "FinalizingPartiallyFailed",
];

/** Has Velero make a backup, and waits until it has ended; its phase then. */
export async function makeBackup(api: Api, name: string, spec: BackupSpec, signal?: AbortSignal): Promise<string> {
  await api("POST", path, {
    apiVersion: "velero.io/v1",
    kind: "Backup",
    metadata: { name, namespace: "velero" },
    spec: {
      includedNamespaces: ["*"],
      includeClusterResources: true,
      snapshotVolumes: false,
      storageLocation: "default",
      ttl: "720h0m0s",
      ...spec,
    },
  });
  for (;;) {
    signal?.throwIfAborted();
    const { status } = (await api("GET", `${path}/${name}`)) as { status?: { phase?: string } };
    const phase = status?.phase ?? "";
    if (!atWork.includes(phase)) return phase;
    await sleep(200);
  }
}
