import type { ApiResource } from "../model/objects.js";

/** `/api/v1/namespaces/shop/pods/web/status`: where a resource, one of its objects or a subresource is served. */
export function pathOf(
  { group, version, resource }: Pick<ApiResource, "group" | "version" | "resource">,
  namespace?: string,
  name?: string,
  subresource?: string,
): string {
  const parts = [group === "" ? `/api/${version}` : `/apis/${group}/${version}`];
  if (namespace) parts.push("namespaces", encodeURIComponent(namespace));
  parts.push(resource);
  if (name !== undefined) parts.push(encodeURIComponent(name));
  if (subresource) parts.push(subresource);
  return parts.join("/");
}
