import { lstat } from "node:fs/promises";
import type { AwsSettings } from "../../aws/settings.js";
import type { KubeReader, ServerInfo } from "../../kube/api.js";
import { UserError } from "../../model/errors.js";
import type { Finding, Place } from "../../model/finding.js";
import type { ApiResource, KubeObject, ObjectRef } from "../../model/objects.js";
import type { Plan, PlannedArchive } from "../../model/plan.js";

/** What plan and export read from: the live blue, or an archive of it. */
export type BlueSource = Pick<KubeReader, "info" | "discover" | "pages" | "close">;

/** Blue's objects in files, in blue's place: it may be dead. */
export interface Archive extends BlueSource {
  about: PlannedArchive;
  /** Blue's version, as something in the archive says it. */
  found: FoundVersion | undefined;
  /** When it will be deleted from where it lies, by no person; ISO 8601, UTC. */
  keptUntil?: string;
  /** Velero's Schedule that made it; absent where somebody asked for it. */
  schedule?: string;
  /** sha256, hex, of what it holds: see BackupVerification. */
  identity(): Promise<string>;
  /** What was assumed, left out or lacks, for a person's eye. */
  warnings: string[];
  /** What a plan says of the archive's own making. */
  findings?: Finding[];
  /** Whether it was to have an object at all; absent where it was to have every one. */
  holds?(object: Sought): boolean;
  count(resource: ApiResource): number;
  /** Where an object stands, in archives whose files people open. */
  placeOf?(ref: ObjectRef): Place | undefined;
  /** Path of the archive that an object comes from, where this is several. */
  originOf?(ref: ObjectRef): string | undefined;
}

/** An object that an archive may lack. */
export interface Sought extends ObjectRef {
  /** The plural. */
  resource: string;
  labels: Record<string, string> | undefined;
  deleting: boolean;
}

export interface FoundVersion {
  version: string;
  because: string;
}

export interface ArchiveOptions {
  /** Of blue's API server, as a person stated it. */
  fromVersion?: string;
  /** age identity that opens a bundle's Secrets; else one beside the bundle's folder is tried. */
  identityFile?: string;
  /** Where object stores are, and who asks them. */
  aws?: AwsSettings | undefined;
  /** What isn't in the archive itself is taken from it. */
  plan?: Plan;
}

/** Which blue it is. @throws UserError `cluster-unreachable` that names the way which is left where blue is dead */
export async function infoOf(blue: Pick<BlueSource, "info">, command: "plan" | "export"): Promise<ServerInfo> {
  try {
    return await blue.info();
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== "cluster-unreachable") throw error;
    const { code, message: what, fix } = error;
    const left = `Where blue is dead, go by what is left of it, a backup or an export: clustershift ${command} --from ARCHIVE`;
    throw new UserError({ code, what, fix: `${fix} ${left}`, cause: error });
  }
}

/** The id of a cluster of which nothing says it. */
export const unknownCluster = "unknown";

/** The UID of kube-system, which names a cluster; else the plan's. */
export async function clusterIdOf(
  resources: readonly ApiResource[],
  objects: (resource: ApiResource) => Iterable<KubeObject> | AsyncIterable<KubeObject>,
  plan: Plan | undefined,
): Promise<string> {
  const namespaces = resources.find(({ group, kind }) => group === "" && kind === "Namespace");
  if (namespaces)
    for await (const { metadata } of objects(namespaces))
      if (metadata.name === "kube-system" && metadata.uid) return metadata.uid;
  return plan?.blue.clusterId ?? unknownCluster;
}

export function isOtherCluster(clusterId: string, plan: Plan): boolean {
  return clusterId !== plan.blue.clusterId && plan.blue.clusterId !== unknownCluster;
}

/** Blue's version and what says so: stated, found in the archive, or the plan's. Throws `UserError` usage where nothing does. */
export function versionOfArchive(
  path: string,
  { fromVersion, plan }: ArchiveOptions,
  found: FoundVersion | undefined,
): { version: string; by: string } {
  if (fromVersion !== undefined) return { version: fromVersion, by: "is stated by --from-version" };
  if (found) return { version: found.version, by: found.because };
  if (plan) return { version: plan.blue.version, by: "is the plan's" };
  throw new UserError({
    code: "usage",
    what: `${path}: nothing in it says of which version of Kubernetes it is.`,
    fix: "State blue's version, for example: --from-version 1.21",
  });
}

const pageSize = 500;

/** Pages as a server gives them, so that whoever reads them needs to know of no archives. */
export async function* pagesOf(
  objects: Iterable<KubeObject> | AsyncIterable<KubeObject>,
): AsyncGenerator<{ items: KubeObject[]; resourceVersion: string }> {
  let items: KubeObject[] = [];
  for await (const object of objects) {
    items.push(object);
    if (items.length < pageSize) continue;
    yield { items, resourceVersion: "" };
    items = [];
  }
  yield { items, resourceVersion: "" };
}

export async function exists(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}
