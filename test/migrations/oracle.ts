import { KubeConfig } from "@kubernetes/client-node";
import type { KubeWriter } from "../../src/kube/api.js";
import { connect } from "../../src/kube/connect.js";
import { type ApiResource, groupOf, type KubeObject, versionOf } from "../../src/model/objects.js";

/**
 * A real API server that serves old and new versions beside each other, and so converts between them: it says what a
 * migration should give.
 */
export class Oracle {
  private constructor(
    private readonly server: KubeWriter,
    private readonly resources: ApiResource[],
  ) {}

  /** @param kubeconfig path of an admin's kubeconfig; its current context is used */
  static async open(kubeconfig: string): Promise<Oracle> {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    const server = await connect({ kubeconfig, context: config.getCurrentContext(), env: {} });
    return new Oracle(server, (await server.discover()).resources);
  }

  close(): Promise<void> {
    return this.server.close();
  }

  /** Writes an object, lets `look` read it in whatever versions, and deletes it again. */
  async having<T>(
    object: KubeObject,
    look: (read: (apiVersion: string) => Promise<KubeObject>) => Promise<T>,
  ): Promise<T> {
    const { name, namespace } = object.metadata;
    const resource = this.resource(object.apiVersion, object.kind);
    await this.server.create(resource, object, namespace ? { namespace } : {});
    try {
      return await look(async (apiVersion) => {
        const found = await this.server.get(this.resource(apiVersion, object.kind), name, namespace);
        if (!found) throw new Error(`${object.kind} ${name} is not there as ${apiVersion}`);
        return found;
      });
    } finally {
      await this.server.delete(resource, name, namespace);
    }
  }

  isNamespaced(apiVersion: string, kind: string): boolean {
    return this.resource(apiVersion, kind).namespaced;
  }

  private resource(apiVersion: string, kind: string): ApiResource {
    const [group, version] = [groupOf(apiVersion), versionOf(apiVersion)];
    const found = this.resources.find((r) => r.group === group && r.version === version && r.kind === kind);
    if (!found) throw new Error(`the server doesn't serve ${apiVersion} ${kind}`);
    return found;
  }
}

/** What a migration answers for: all but the status, and what the server writes into metadata by itself. */
export function essence({ status: _controllers, ...object }: KubeObject): KubeObject {
  const { name, namespace, labels, annotations } = object.metadata;
  const metadata = {
    name,
    namespace,
    labels,
    annotations: annotations && Object.keys(annotations).length > 0 ? annotations : undefined,
  };
  return JSON.parse(JSON.stringify({ ...object, metadata })) as KubeObject;
}
