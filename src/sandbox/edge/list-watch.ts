import { setTimeout as delay } from "node:timers/promises";
import type { KubeObject } from "../../model/objects.js";
import { type KubeFetch, type KubeResponse, linesOf, textOf } from "./kube-fetch.js";

/** A collection of the API. */
export interface Collection {
  /** Where it may be served, e.g. `/apis/networking.k8s.io/v1/ingresses`: the first that the server has is taken. */
  paths: string[];
  fieldSelector?: string;
}

/** Where the objects go. */
export interface Sink {
  /** All that there is, in place of what was. */
  replace(objects: KubeObject[]): void;
  put(object: KubeObject): void;
  remove(object: KubeObject): void;
  /** A request failed, and will be tried again. */
  failed(error: unknown): void;
}

/** How long to wait before trying again, in milliseconds. Doubles up to the last while nothing comes. */
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 2000;

/** The server ends a watch after this long, so that one that silently died is found. */
const WATCH_SECONDS = 240;

/**
 * Keeps `sink` in step with a collection until `signal`: lists, then watches, and lists again when the server says that
 * the watch is too old (410). An API server that's away is tried again quietly, and meanwhile the sink keeps what it has.
 */
export async function listAndWatch(
  fetch: KubeFetch,
  collection: Collection,
  sink: Sink,
  signal: AbortSignal,
): Promise<void> {
  let retryMs = FIRST_RETRY_MS;
  while (!signal.aborted) {
    try {
      const listed = await list(fetch, collection, signal);
      sink.replace(listed.objects);
      retryMs = FIRST_RETRY_MS;
      await watchOn(fetch, listed, collection, sink, signal);
    } catch (error) {
      sink.failed(error);
      await delay(retryMs, undefined, { signal }).catch(() => undefined);
      retryMs = Math.min(2 * retryMs, LAST_RETRY_MS);
    }
  }
}

interface Listed {
  path: string;
  objects: KubeObject[];
  resourceVersion: string;
}

interface ListBody {
  apiVersion: string;
  kind: string;
  metadata: { resourceVersion?: string; continue?: string };
  items: KubeObject[];
}

async function list(fetch: KubeFetch, { paths, fieldSelector }: Collection, signal: AbortSignal): Promise<Listed> {
  for (const path of paths) {
    const objects: KubeObject[] = [];
    const query = new URLSearchParams({ limit: "500", ...(fieldSelector ? { fieldSelector } : {}) });
    let response = await fetch(`${path}?${query}`, { signal });
    if (response.status === 404) {
      await textOf(response.body);
      continue;
    }
    for (;;) {
      const page = await parsed<ListBody>(response);
      // The items of a list don't say what they are.
      const type = { apiVersion: page.apiVersion, kind: page.kind.replace(/List$/, "") };
      objects.push(...page.items.map((item) => ({ ...item, ...type })));
      if (!page.metadata.continue) return { path, objects, resourceVersion: page.metadata.resourceVersion ?? "0" };
      query.set("continue", page.metadata.continue);
      response = await fetch(`${path}?${query}`, { signal });
    }
  }
  throw new Error(`none of ${paths.join(", ")} is served`);
}

/** Watches on and on from a list; returns when the list is too old. @throws when the server is away. */
async function watchOn(
  fetch: KubeFetch,
  { path, resourceVersion }: Listed,
  { fieldSelector }: Collection,
  sink: Sink,
  signal: AbortSignal,
): Promise<void> {
  let from = resourceVersion;
  while (!signal.aborted) {
    const query = new URLSearchParams({
      watch: "1",
      resourceVersion: from,
      allowWatchBookmarks: "true",
      timeoutSeconds: String(WATCH_SECONDS),
      ...(fieldSelector ? { fieldSelector } : {}),
    });
    const response = await fetch(`${path}?${query}`, { signal });
    if (response.status !== 200) return void (await parsed(response, 410));
    let heard = false;
    for await (const line of linesOf(response.body)) {
      if (line === "") continue;
      const event = JSON.parse(line) as { type: string; object: KubeObject };
      if (event.type === "ERROR") return;
      if (event.type === "DELETED") sink.remove(event.object);
      else if (event.type !== "BOOKMARK") sink.put(event.object);
      from = event.object.metadata.resourceVersion ?? from;
      heard = true;
    }
    // A server that ends each watch at once must not be asked in a tight loop.
    if (!heard) await delay(FIRST_RETRY_MS, undefined, { signal });
  }
}

/** The JSON of an answer with status 200, or with `allowed`. @throws Error with the server's words for any other. */
async function parsed<T>(response: KubeResponse, allowed = 200): Promise<T> {
  const text = await textOf(response.body);
  if (response.status !== 200 && response.status !== allowed) throw new Error(`status ${response.status}: ${text}`);
  return JSON.parse(text) as T;
}
