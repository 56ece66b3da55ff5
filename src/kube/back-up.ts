import type { ApiResource, KubeObject } from "../model/objects.js";
import type { KubeReader } from "./api.js";
import { type ConnectOptions, lookingMethods } from "./connect.js";
import { loadContext } from "./kubeconfig.js";
import { lacksOf } from "./lacks.js";
import { createTransport, defaultTuning } from "./transport.js";
import { writingMethods } from "./write.js";

/**
 * Blue for having its Velero make a backup: like the hand-over an exception to its being read only, that somebody asked for. One thing can
 * be done: a Backup of Velero's can be created in Velero's namespace; whatever else is asked is refused before it is sent.
 */
export interface KubeBackUp extends Pick<KubeReader, "name" | "server" | "info" | "get" | "close"> {
  /** KubeError 409 where there is one of that name. */
  create(backup: KubeObject): Promise<KubeObject>;
  /** Whether these credentials may read and create backups, by the server's own word. Undefined where they may, else what they lack. */
  lacks(): Promise<string | undefined>;
}

const backups: ApiResource = {
  ...{ group: "velero.io", version: "v1", kind: "Backup", resource: "backups", namespaced: true },
  ...{ verbs: [], subresources: [] },
};

/** Blue with the credentials for backups. Nothing is sent until the first call; throws as `connectReadOnly` does. */
export async function connectBackUp({
  tuning,
  namespace,
  ...options
}: ConnectOptions & { namespace: string }): Promise<KubeBackUp> {
  const transport = createTransport(await loadContext(options), ["GET", "POST"], { ...defaultTuning, ...tuning });
  const writing = writingMethods(transport);
  return Object.freeze({
    ...lookingMethods(transport),
    async create(backup) {
      requireBackup(backup, namespace);
      return writing.create(backups, backup, { namespace, fieldManager: "clustershift" });
    },
    lacks: () => lacksOf(transport, ["get", "create"], backups, "", namespace),
  } satisfies KubeBackUp);
}

/** A defect, were it ever thrown: nothing in clustershift asks for more. */
function requireBackup({ apiVersion, kind, metadata }: KubeObject, namespace: string): void {
  if (apiVersion === "velero.io/v1" && kind === "Backup" && metadata.namespace === namespace) return;
  throw new Error(`On blue the ${kind} ${metadata.namespace}/${metadata.name} was asked to be created: not sent.`);
}
