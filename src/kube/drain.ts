import type { ApiResource, KubeObject } from "../model/objects.js";
import { isBalanced } from "../model/services.js";
import { KubeError, type KubeReader } from "./api.js";
import { type ConnectOptions, lookingMethods } from "./connect.js";
import { loadContext } from "./kubeconfig.js";
import { lacksOf } from "./lacks.js";
import { pathOf } from "./paths.js";
import { createTransport, defaultTuning } from "./transport.js";

/**
 * Blue for the drain before it is removed: like the hand-over an exception to its being read only, that somebody asked for. One thing
 * can be done: a Service of type LoadBalancer, or an Ingress, can be deleted; whatever else is asked is refused before it is sent.
 */
export interface KubeDrain extends Pick<KubeReader, "name" | "server" | "info" | "get" | "close"> {
  /** Deletes exactly the object that was looked at: KubeError 409 where it's another one by now, or has changed. False where it's gone. */
  remove(resource: ApiResource, object: KubeObject): Promise<boolean>;
  /** Whether these credentials may read and delete it, by the server's own word. Undefined where they may, else what they lack. */
  lacks(resource: ApiResource, object: KubeObject): Promise<string | undefined>;
}

/** Blue with the credentials of the drain. Nothing is sent until the first call; throws as `connectReadOnly` does. */
export async function connectDrain({ tuning, ...options }: ConnectOptions): Promise<KubeDrain> {
  const transport = createTransport(await loadContext(options), ["GET", "POST", "DELETE"], {
    ...defaultTuning,
    ...tuning,
  });
  return Object.freeze({
    ...lookingMethods(transport),
    async remove(resource, object) {
      requireDrainable(object);
      const { name: its, namespace, uid, resourceVersion } = object.metadata;
      try {
        await transport.call({
          method: "DELETE",
          path: pathOf(resource, namespace, its),
          body: { apiVersion: "v1", kind: "DeleteOptions", preconditions: { uid, resourceVersion } },
        });
        return true;
      } catch (error) {
        if (error instanceof KubeError && error.status === 404) return false;
        throw error;
      }
    },
    lacks: (resource, { metadata }) =>
      lacksOf(transport, ["get", "delete"], resource, metadata.name, metadata.namespace),
  } satisfies KubeDrain);
}

/** A defect, were it ever thrown: nothing in clustershift asks for more. */
function requireDrainable(object: KubeObject): void {
  const { kind, metadata } = object;
  if (metadata.uid !== undefined && (kind === "Ingress" || isBalanced(object))) return;
  throw new Error(`Of blue the ${kind} ${metadata.namespace}/${metadata.name} was asked to be deleted: not sent.`);
}
