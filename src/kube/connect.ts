import type { KubeObject } from "../model/objects.js";
import { KubeError, type KubeReader, type KubeWriter } from "./api.js";
import { discover, readInfo } from "./discovery.js";
import { type ContextOptions, loadContext } from "./kubeconfig.js";
import { pages } from "./list.js";
import { pathOf } from "./paths.js";
import { createTransport, defaultTuning, type Transport, type Tuning } from "./transport.js";
import { watch } from "./watch.js";
import { writingMethods } from "./write.js";

export interface ConnectOptions extends ContextOptions {
  /** For tests, and for servers with other limits. */
  tuning?: Partial<Tuning>;
}

/**
 * A cluster that can only be read: the object has no writing methods, and its transport sends nothing but GET. Nothing is
 * sent until the first call. Throws `UserError` config-invalid where the kubeconfig or the context isn't there.
 */
export async function connectReadOnly({ tuning, ...options }: ConnectOptions): Promise<KubeReader> {
  return Object.freeze(
    readingMethods(createTransport(await loadContext(options), ["GET"], { ...defaultTuning, ...tuning })),
  );
}

/** A cluster that can be read and written. */
export async function connect({ tuning, ...options }: ConnectOptions): Promise<KubeWriter> {
  const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
  const transport = createTransport(await loadContext(options), methods, { ...defaultTuning, ...tuning });
  return Object.freeze({ ...readingMethods(transport), ...writingMethods(transport) });
}

export function readingMethods(transport: Transport): KubeReader {
  return {
    ...lookingMethods(transport),
    discover: () => discover(transport),
    pages: (resource, options) => pages(transport, resource, options),
    watch: (resource, from, options) => watch(transport, resource, from, options),
  };
}

/** What every client has: which cluster it is, and one object at a time. */
export function lookingMethods(transport: Transport): Pick<KubeReader, "name" | "server" | "info" | "get" | "close"> {
  return {
    name: transport.name,
    server: transport.server,
    info: () => readInfo(transport),
    close: () => transport.close(),
    async get(resource, name, namespace) {
      try {
        return (await transport.call({ method: "GET", path: pathOf(resource, namespace, name) })) as KubeObject;
      } catch (error) {
        // A 404 that names no object is of a resource that isn't served: no proof that the object isn't there.
        if (error instanceof KubeError && error.status === 404 && error.details.name === name) return undefined;
        throw error;
      }
    },
  };
}
