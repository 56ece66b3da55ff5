import { messageOf, UserError } from "../../model/errors.js";
import type { PlannedVolume } from "../../model/volumes.js";
import type { RestoreRemark, VeleroEdges } from "./edges.js";

/** What Velero says of a restore that has ended; nothing where that can't be read: what came is looked at all the same. */
export async function remarksOf(
  restore: string,
  { remarks, onProgress }: Pick<VeleroEdges, "remarks" | "onProgress">,
): Promise<RestoreRemark[]> {
  try {
    return await remarks(restore);
  } catch (error) {
    if (!(error instanceof UserError) || error.code === "interrupted") throw error;
    onProgress?.(`what Velero says of ${restore} can't be read: ${messageOf(error)}`);
    return [];
  }
}

export function wordsOf({ namespace, text }: RestoreRemark): string {
  return namespace === undefined ? text : `${namespace}: ${text}`;
}

/** Velero names objects in its sentences: the claim, or the volume that it had on blue. */
export function isAbout(text: string, { claim, volume }: PlannedVolume): boolean {
  const words = text.split(/[\s"':,/]+/);
  return words.includes(claim.name) || (volume !== undefined && words.includes(volume));
}
