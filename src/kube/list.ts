import { isObject } from "../model/json.js";
import { type ApiResource, apiVersionOf, type KubeObject } from "../model/objects.js";
import { KubeError, type ListOptions, type ListPage } from "./api.js";
import { pathOf } from "./paths.js";
import type { Transport } from "./transport.js";

const defaultPageSize = 500;
/** A list that expires this often would never end. */
const mostRestarts = 8;

/**
 * Pages of one consistent list. A continue token lives as long as etcd keeps the list's revision, five minutes by default;
 * after that the server answers 410, and the list starts again with pages of twice the size, so that it gets through.
 */
export async function* pages(
  transport: Transport,
  resource: ApiResource,
  { namespace, labelSelector, fieldSelector, pageSize = defaultPageSize, signal }: ListOptions = {},
): AsyncGenerator<ListPage & { restarted?: boolean }> {
  const path = pathOf(resource, namespace);
  let next: string | undefined;
  let limit = pageSize;
  let restarts = 0;
  let restarted = false;
  do {
    let answer: unknown;
    try {
      const query = { limit, continue: next, labelSelector, fieldSelector };
      answer = await transport.call({ method: "GET", path, query, signal });
    } catch (error) {
      const expired = error instanceof KubeError && error.status === 410 && next !== undefined;
      if (!expired || ++restarts > mostRestarts) throw error;
      next = undefined;
      limit *= 2;
      restarted = true;
      continue;
    }
    const { items, resourceVersion, continueToken } = readList(resource, path, answer);
    yield restarted ? { items, resourceVersion, restarted } : { items, resourceVersion };
    restarted = false;
    next = continueToken;
  } while (next !== undefined || restarted);
}

function readList(resource: ApiResource, path: string, answer: unknown) {
  const metadata = isObject(answer) && isObject(answer.metadata) ? answer.metadata : undefined;
  // An empty list of Go is null in some aggregated servers.
  const items = isObject(answer) ? (answer.items ?? []) : undefined;
  if (!metadata || !Array.isArray(items))
    throw new KubeError(200, "NotAList", `GET ${path} answered something that is no list`);
  const apiVersion = apiVersionOf(resource.group, resource.version);
  return {
    // Items of built-in lists leave out their type; custom resources have it.
    items: items.map((item): KubeObject => ({ apiVersion, kind: resource.kind, ...item })),
    resourceVersion: String(metadata.resourceVersion ?? ""),
    continueToken: typeof metadata.continue === "string" && metadata.continue !== "" ? metadata.continue : undefined,
  };
}
