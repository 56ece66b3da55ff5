import type { VolumesApi } from "../aws/volumes.js";
import { KubeError, type KubeWriter } from "../kube/api.js";
import type { Clock } from "../model/clock.js";
import { UserError } from "../model/errors.js";
import type { Journal } from "../model/journal.js";
import type { ApiResource, KubeObject, ObjectRef } from "../model/objects.js";
import { claimName, type PlannedVolume } from "../model/volumes.js";

/** A claim whose volume is brought to green: the plan's word, and blue's PersistentVolume as it is. */
export interface Bringing {
  planned: PlannedVolume;
  volume: KubeObject;
}

export type Green = Pick<KubeWriter, "get" | "create" | "patch" | "delete">;

export interface VolumeEdges {
  cloud: VolumesApi;
  green: Green;
  journal: Journal;
  clock: Clock;
  /** Stops between two steps; the same command goes on. */
  signal?: AbortSignal;
  onProgress?: (line: string) => void;
}

export interface VolumeTerms {
  run: string;
  /** Names of the clusters as tags in AWS have them. */
  blue: string;
  green: string;
  timeoutMs: number;
}

/** How a claim's volume ended: brought, or why not. */
export interface VolumeOutcome {
  claim: ObjectRef;
  /** The volume that green's claim is bound to. */
  handle?: string;
  failed?: string;
}

export const claims = core("PersistentVolumeClaim", "persistentvolumeclaims", true);
export const volumes = core("PersistentVolume", "persistentvolumes", false);
export const pods = core("Pod", "pods", true);
export const configMaps = core("ConfigMap", "configmaps", true);

function core(kind: string, resource: string, namespaced: boolean): ApiResource {
  return { group: "", version: "v1", kind, resource, namespaced, verbs: [], subresources: [] };
}

/** As green names it. */
export function onGreen({ claim, arrivesAs }: PlannedVolume): ObjectRef {
  return arrivesAs ?? claim;
}

/** How a claim's volume is told apart in everything that is brought: by green's name of the claim. */
export function keyOf({ planned }: Pick<Bringing, "planned">): string {
  return claimName(planned);
}

/** `shop/data-db-0`: how a claim is named in steps, tags and lines. */
export function nameOf({ namespace, name }: ObjectRef): string {
  return `${namespace}/${name}`;
}

/** What AWS or green refuses is told of the one claim, and no reason to stop with the others; a journal that can't be written is. */
export function isRefusal(error: unknown): error is Error {
  return (
    error instanceof KubeError ||
    (error instanceof UserError && error.code === "aws-failed") ||
    error instanceof Refused
  );
}

/** Why a claim's volume can't be brought, in words that follow its name. */
export class Refused extends Error {}

/** Milliseconds between two looks. */
const pause = 2_000;

/**
 * Looks until nothing is left to wait for, or for as long as it may take. Returns what is left then.
 *
 * @throws UserError `interrupted`
 */
export async function waitFor<Left>(
  what: string,
  look: () => Promise<Left[]>,
  until: number,
  { clock, signal, onProgress }: Pick<VolumeEdges, "clock" | "signal" | "onProgress">,
): Promise<Left[]> {
  for (let told = 0; ; ) {
    throwIfStopped(signal);
    const left = await look();
    if (left.length === 0 || clock.now() >= until) return left;
    if (left.length !== told) onProgress?.(`waiting for ${left.length} ${what}`);
    told = left.length;
    await clock.sleep(pause, signal).catch((error: unknown) => {
      throwIfStopped(signal);
      throw error;
    });
  }
}

export function throwIfStopped(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new UserError({
    code: "interrupted",
    what: "Stopped between two steps of the volumes; everything done so far is in the journal.",
    fix: "The same command goes on.",
  });
}
