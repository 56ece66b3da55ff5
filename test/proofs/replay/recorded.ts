import type { KubeWriter } from "../../../src/kube/api.js";
import { type ApiResource, kindKey } from "../../../src/model/objects.js";

/** A writer that says of each object that it was written, once the server took it. */
export function recorded(server: KubeWriter, onWrite: (object: string) => void): KubeWriter {
  const key = (resource: ApiResource, name: string, namespace?: string) =>
    `${kindKey(resource)} ${namespace ? `${namespace}/` : ""}${name}`;
  const whole =
    (method: "create" | "replace" | "apply"): KubeWriter["replace"] =>
    async (resource, object, options) => {
      const taken = await server[method](resource, object, options ?? {});
      onWrite(key(resource, taken.metadata.name, taken.metadata.namespace));
      return taken;
    };
  return {
    ...server,
    create: whole("create"),
    replace: whole("replace"),
    apply: whole("apply"),
    async patch(resource, name, patch, options) {
      const taken = await server.patch(resource, name, patch, options);
      onWrite(key(resource, name, taken.metadata.namespace));
      return taken;
    },
    async delete(resource, name, namespace) {
      onWrite(`delete ${key(resource, name, namespace)}`);
      return server.delete(resource, name, namespace);
    },
  };
}
