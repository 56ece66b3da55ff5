import type { ApiResource, KubeObject } from "../model/objects.js";
import { KubeError, type KubeReader, type ListOptions } from "./api.js";

/** Every object of one resource, all in memory. A list that the server made start again counts once. */
export async function listAll(
  kube: Pick<KubeReader, "pages">,
  resource: ApiResource,
  options: ListOptions = {},
): Promise<KubeObject[]> {
  const objects: KubeObject[] = [];
  for await (const { items, restarted } of kube.pages(resource, options)) {
    if (restarted) objects.length = 0;
    objects.push(...items);
  }
  return objects;
}

/** The same, and undefined where the server doesn't serve that resource, or no longer does. */
export async function listIfServed(
  kube: Pick<KubeReader, "pages">,
  resource: ApiResource,
  options: ListOptions = {},
): Promise<KubeObject[] | undefined> {
  try {
    return await listAll(kube, resource, options);
  } catch (error) {
    if (error instanceof KubeError && error.status === 404) return undefined;
    throw error;
  }
}
