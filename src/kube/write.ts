import type { ApiResource, KubeObject } from "../model/objects.js";
import { KubeError, type KubeWriter, type PatchType, type WriteOptions } from "./api.js";
import { pathOf } from "./paths.js";
import type { Transport } from "./transport.js";

const contentTypes: Record<PatchType, string> = {
  merge: "application/merge-patch+json",
  json: "application/json-patch+json",
  strategic: "application/strategic-merge-patch+json",
};

type WritingMethods = Pick<KubeWriter, "create" | "apply" | "patch" | "replace" | "delete">;

/**
 * The writing half of a client. Only an apply is repeated after a broken connection: a second create, replace or JSON
 * patch would be refused, or done twice, because of the first.
 */
export function writingMethods(transport: Transport): WritingMethods {
  return {
    async create(resource, object, options = {}) {
      const path = pathOf(resource, namespaceOf(resource, object, options));
      return asObject(await transport.call({ ...common(options), method: "POST", path, body: object }));
    },

    async apply(resource, object, options) {
      const path = pathOf(resource, namespaceOf(resource, object, options), object.metadata.name);
      const { query, signal } = common({ fieldManager: "clustershift", ...options });
      const call = { method: "PATCH", path, body: object, contentType: "application/apply-patch+yaml" } as const;
      return asObject(
        await transport.call({ ...call, signal, query: { ...query, force: options.force }, repeatable: true }),
      );
    },

    async patch(resource, name, patch, options) {
      const path = pathOf(resource, options.namespace, name, options.subresource);
      const contentType = contentTypes[options.type];
      return asObject(await transport.call({ ...common(options), method: "PATCH", path, body: patch, contentType }));
    },

    async replace(resource, object, options = {}) {
      const path = pathOf(resource, namespaceOf(resource, object, options), object.metadata.name, options.subresource);
      return asObject(await transport.call({ ...common(options), method: "PUT", path, body: object }));
    },

    async delete(resource, name, namespace) {
      const path = pathOf(resource, namespace, name);
      try {
        // Without it a Job's pods would stay behind.
        await transport.call({ method: "DELETE", path, query: { propagationPolicy: "Background" } });
        return true;
      } catch (error) {
        if (error instanceof KubeError && error.status === 404) return false;
        throw error;
      }
    },
  };
}

function common({ dryRun, fieldManager, signal }: WriteOptions) {
  return { query: { dryRun: dryRun ? "All" : undefined, fieldManager }, signal };
}

function namespaceOf(resource: ApiResource, object: KubeObject, options: WriteOptions): string | undefined {
  return resource.namespaced ? (options.namespace ?? object.metadata.namespace) : undefined;
}

function asObject(answer: unknown): KubeObject {
  return answer as KubeObject;
}
