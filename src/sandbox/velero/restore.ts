import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { request } from "undici";
import { type Api, orStatus } from "../cluster/api.js";

/** `spec` of Velero's Restore; `backupName` at least. */
export type RestoreSpec = { backupName: string } & Record<string, unknown>;

/** How a restore ended, in Velero's own words. */
export interface Restored {
  /** `Completed`, `PartiallyFailed`, `Failed`, `FailedValidation`. */
  phase: string;
  errors: string[];
  warnings: string[];
  /** What became of each item that was taken up: `apps/v1/Deployment` -> `shop/web(created)`. */
  items: Record<string, string[]>;
}

/** Velero's results: messages of itself, of the whole cluster, and by namespace. */
interface Messages {
  velero?: string[];
  cluster?: string[];
  namespaces?: Record<string, string[]>;
}

const base = "/apis/velero.io/v1/namespaces/velero";
const ended = ["Completed", "PartiallyFailed", "Failed", "FailedValidation"];

/** Velero looks into its store once a minute. */
const patience = 180_000;

/** Waits until Velero has seen in its store that there is such a backup, and told it to the cluster. Throws Error where it doesn't. */
export async function awaitBackup(api: Api, name: string, signal?: AbortSignal): Promise<void> {
  const deadline = performance.now() + patience;
  while (!(await orStatus(404, api("GET", `${base}/backups/${name}`)))) {
    if (performance.now() > deadline) throw new Error(`Velero finds no backup ${name} in its store`);
    await sleep(200, undefined, { signal });
  }
}

/** Has Velero restore, and waits until it has ended. Where the cluster doesn't know Velero's own Deployment it gets one. */
export async function makeRestore(api: Api, name: string, spec: RestoreSpec, signal?: AbortSignal): Promise<string> {
  await standIn(api);
  await api("POST", `${base}/restores`, {
    apiVersion: "velero.io/v1",
    kind: "Restore",
    metadata: { name, namespace: "velero" },
    spec,
  });
  for (;;) {
    signal?.throwIfAborted();
    const { status } = (await api("GET", `${base}/restores/${name}`)) as { status?: { phase?: string } };
    const phase = status?.phase ?? "";
    if (ended.includes(phase)) return phase;
    await sleep(200);
  }
}

/** What Velero put down about a restore that has ended, in its store. */
export async function readRestored(api: Api, name: string, phase: string, signal?: AbortSignal): Promise<Restored> {
  const results = await download(api, name, "RestoreResults", signal);
  const { errors, warnings } = results as { errors?: Messages; warnings?: Messages };
  const items = (await download(api, name, "RestoreResourceList", signal)) as Record<string, string[]>;
  return { phase, errors: flat(errors), warnings: flat(warnings), items };
}

function flat({ velero = [], cluster = [], namespaces = {} }: Messages = {}): string[] {
  return [...velero, ...cluster, ...Object.values(namespaces).flat()];
}

async function download(api: Api, name: string, kind: string, signal: AbortSignal | undefined): Promise<unknown> {
  const asked = `${name}-${kind.toLowerCase()}`;
  await api("POST", `${base}/downloadrequests`, {
    apiVersion: "velero.io/v1",
    kind: "DownloadRequest",
    metadata: { name: asked, namespace: "velero" },
    spec: { target: { kind, name } },
  });
  for (;;) {
    const { status } = (await api("GET", `${base}/downloadrequests/${asked}`)) as {
      status?: { downloadURL?: string };
    };
    if (status?.downloadURL) {
      const { body } = await request(status.downloadURL, { signal: signal ?? null });
      return JSON.parse(gunzipSync(Buffer.from(await body.arrayBuffer())).toString("utf8"));
    }
    await sleep(100, undefined, { signal });
  }
}

/** A Deployment in the server's place: Velero refuses to restore where it doesn't find itself, and doesn't ask whether it runs. */
export async function standIn(api: Api): Promise<void> {
  const path = "/apis/apps/v1/namespaces/velero/deployments";
  if (await orStatus(404, api("GET", `${path}/velero`))) return;
  const labels = { component: "velero" };
  await api("POST", path, {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "velero", namespace: "velero", labels },
    spec: {
      replicas: 0,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "velero", image: "velero/velero" }] } },
    },
  });
}
