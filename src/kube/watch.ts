import { setTimeout as sleep } from "node:timers/promises";
import { isObject } from "../model/json.js";
import type { ApiResource, JsonObject, KubeObject } from "../model/objects.js";
import { KubeError, type ListOptions, type WatchEvent } from "./api.js";
import { kubeErrorOf } from "./errors.js";
import { parse, stringify } from "./json.js";
import { lines } from "./lines.js";
import { pathOf } from "./paths.js";
import type { Transport } from "./transport.js";
import { waitMs } from "./transport.js";

/** Servers end watches after about this time; asking for it makes it even. */
const timeoutSeconds = 300;
const firstWaitMs = 250;

/**
 * Events from `from` on. A connection that ends or breaks is opened again where it stopped, so that this ends by the signal, or
 * with the KubeError that says why it can't go on: 410 where the server no longer knows the place.
 */
export async function* watch(
  transport: Transport,
  resource: ApiResource,
  from: string,
  { namespace, labelSelector, fieldSelector, signal }: ListOptions = {},
): AsyncGenerator<WatchEvent> {
  let resourceVersion = from;
  let fruitless = 0;
  while (!signal?.aborted) {
    try {
      const query = {
        watch: true,
        resourceVersion,
        allowWatchBookmarks: true,
        timeoutSeconds,
        labelSelector,
        fieldSelector,
      };
      const body = await transport.stream({ method: "GET", path: pathOf(resource, namespace), query, signal });
      for await (const line of lines(body)) {
        const event = readEvent(line);
        resourceVersion = versionOf(event);
        fruitless = 0;
        yield event;
        if (signal?.aborted) return;
      }
    } catch (error) {
      if (signal?.aborted) return;
      if (!isBroken(error)) throw error;
    }
    fruitless++;
    await sleep(waitMs(Math.min(fruitless, 5), firstWaitMs), undefined, { signal }).catch(() => undefined);
  }
}

/** A stream that broke is resumed; a server's word, or an error of the caller's, is not ours to overrule. */
function isBroken(error: unknown): boolean {
  if (error instanceof KubeError) return error.status === 429 || error.status >= 500;
  return error instanceof Error && "code" in error && /^(UND_ERR_|ECONN|EPIPE|ETIMEDOUT)/.test(String(error.code));
}

function readEvent(line: string): WatchEvent {
  const { type, object } = parse(line) as { type: WatchEvent["type"] | "ERROR"; object: JsonObject };
  if (type === "ERROR") throw kubeErrorOf(Number(object.code ?? 500), stringify(object));
  if (type === "BOOKMARK") return { type, resourceVersion: metadataVersion(object) };
  return { type, object: object as KubeObject };
}

function versionOf(event: WatchEvent): string {
  return event.type === "BOOKMARK" ? event.resourceVersion : metadataVersion(event.object);
}

function metadataVersion(object: JsonObject): string {
  return isObject(object.metadata) ? String(object.metadata.resourceVersion) : "";
}
