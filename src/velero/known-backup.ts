import { KubeError, type KubeReader } from "../kube/api.js";
import { formatDuration } from "../model/duration.js";
import { UserError } from "../model/errors.js";
import { isObject } from "../model/json.js";
import type { ApiResource, KubeObject } from "../model/objects.js";
import { backups, storageLocations } from "./kinds.js";

/** Where a Velero keeps its backups. */
export interface StoreLocation {
  /** Of the BackupStorageLocation. */
  name: string;
  bucket: string;
  /** Without slashes at its ends. */
  prefix: string;
  region?: string;
}

type Looking = Pick<KubeReader, "name" | "get">;

/** Velero looks at its locations every minute; one that is older than this was looked at by nobody who still runs. */
const mostSilent = 15 * 60_000;

/** A location of a cluster's Velero. @throws UserError `velero-unready` where there is none, or no Velero at all */
export async function locationOf(kube: Looking, namespace: string, name: string): Promise<StoreLocation> {
  return placeOf(await mustHave(kube, storageLocations, namespace, name));
}

/**
 * A backup that a cluster's Velero can restore from, and where it lies: the Velero there runs, reaches its store, and knows it as ended.
 *
 * @throws UserError `velero-unready`
 */
export async function knownBackup(kube: Looking, namespace: string, name: string, now: number): Promise<StoreLocation> {
  const backup = await find(kube, backups, namespace, name);
  if (!backup)
    throw unready(
      `Velero on ${kube.name} knows no backup ${name} in namespace ${namespace}.`,
      "It finds what lies in its store by itself, a minute after its BackupStorageLocation leads there: kubectl get backups.velero.io,backupstoragelocations.velero.io -A",
    );
  const phase = textIn(backup.status, "phase") ?? "New";
  if (phase !== "Completed" && phase !== "PartiallyFailed")
    throw unready(
      `Velero on ${kube.name} says of backup ${name}: ${phase}.`,
      "Wait until it has ended, or name another one: clustershift backup list",
    );
  const location = await mustHave(
    kube,
    storageLocations,
    namespace,
    textIn(backup.spec, "storageLocation") ?? "default",
  );
  requireAlive(kube, location, now);
  return placeOf(location);
}

function requireAlive(kube: Looking, { metadata, spec, status }: KubeObject, now: number): void {
  const phase = textIn(status, "phase");
  if (phase !== "Available")
    throw unready(
      `The BackupStorageLocation ${metadata.name} on ${kube.name} is ${phase ?? "not looked at yet"}: ${textIn(status, "message") ?? "nothing says why"}.`,
      "See that Velero runs there, and that it may read its bucket: kubectl describe backupstoragelocations.velero.io -A",
    );
  const looked = Date.parse(textIn(status, "lastValidationTime") ?? "");
  const isAsked = !/^0(s|m|h|ms)?(0s)?$/.test(textIn(spec, "validationFrequency") ?? "");
  if (!isAsked || Number.isNaN(looked) || now - looked < mostSilent) return;
  throw unready(
    `Velero on ${kube.name} last looked at its store ${formatDuration(now - looked)} ago: it doesn't run there.`,
    "Start it. Where clustershift holds it on green, replay.dontHold lets it run: see docs/velero.md",
  );
}

async function mustHave(kube: Looking, resource: ApiResource, namespace: string, name: string): Promise<KubeObject> {
  const found = await find(kube, resource, namespace, name);
  if (found) return found;
  throw unready(
    `There is no ${resource.kind} ${namespace}/${name} on ${kube.name}.`,
    "See where its Velero is, and name its namespace in clustershift.yaml.",
  );
}

/** One of Velero's objects. @throws UserError `velero-unready` where the cluster has no Velero */
export async function find(kube: Looking, resource: ApiResource, namespace: string, name: string) {
  try {
    return await kube.get(resource, name, namespace);
  } catch (error) {
    if (!(error instanceof KubeError) || error.status !== 404) throw error;
    throw unready(`${kube.name} has no Velero: it doesn't serve velero.io/v1.`, "Install it there: velero install");
  }
}

function placeOf({ metadata, spec }: KubeObject): StoreLocation {
  const { provider, objectStorage, config } = (isObject(spec) ? spec : {}) as Record<string, unknown>;
  const bucket = textIn(objectStorage, "bucket");
  if (bucket === undefined || !/(^|\/)aws$/.test(String(provider)))
    throw unready(
      `The BackupStorageLocation ${metadata.name} is of ${String(provider)}, and not of S3.`,
      "clustershift reads Velero's results from S3 alone.",
    );
  const region = textIn(config, "region");
  const prefix = (textIn(objectStorage, "prefix") ?? "").replace(/^\/+|\/+$/g, "");
  return { name: metadata.name, bucket, prefix, ...(region && { region }) };
}

function textIn(value: unknown, field: string): string | undefined {
  const found = isObject(value) ? value[field] : undefined;
  return typeof found === "string" && found !== "" ? found : undefined;
}

function unready(what: string, fix: string): UserError {
  return new UserError({ code: "velero-unready", what, fix });
}
