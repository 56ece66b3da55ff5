import { KubeConfig } from "@kubernetes/client-node";
import pLimit from "p-limit";
import type { KubeWriter } from "../../../src/kube/api.js";
import { connect } from "../../../src/kube/connect.js";
import { type ApiResource, groupOf, type KubeObject, versionOf } from "../../../src/model/objects.js";

/**
 * A real API server that serves old and new versions beside each other, and so converts between them: it says what a
 * migration should give.
 */
export class OracleServer {
  private readonly limit = pLimit(24);

  private constructor(
    private readonly server: KubeWriter,
    private readonly resources: ApiResource[],
  ) {}

  /** @param kubeconfig path of an admin's kubeconfig; its current context is used */
  static async open(kubeconfig: string): Promise<OracleServer> {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    const server = await connect({ kubeconfig, context: config.getCurrentContext(), env: {} });
    return new OracleServer(server, (await server.discover()).resources);
  }

  close(): Promise<void> {
    return this.server.close();
  }

  serves(apiVersion: string, kind: string): boolean {
    return this.find(apiVersion, kind) !== undefined;
  }

  isNamespaced(apiVersion: string, kind: string): boolean {
    return this.resource(apiVersion, kind).namespaced;
  }

  /** Writes one object, lets `look` read it in whatever versions, and deletes it again. */
  async having<T>(
    object: KubeObject,
    look: (read: (apiVersion: string) => Promise<KubeObject>) => Promise<T>,
  ): Promise<T> {
    const { name, namespace } = object.metadata;
    await this.server.create(this.resource(object.apiVersion, object.kind), object, namespace ? { namespace } : {});
    try {
      return await look(async (apiVersion) => {
        const found = await this.server.get(this.resource(apiVersion, object.kind), name, namespace);
        if (!found) throw new Error(`${object.kind} ${name} is not there as ${apiVersion}`);
        return found;
      });
    } finally {
      await this.remove([object]);
    }
  }

  /** Whether each was taken; why not, in the server's words. In the order given. */
  create(objects: readonly KubeObject[], options: { dryRun: boolean }): Promise<(KubeObject | Error)[]> {
    const one = async (object: KubeObject): Promise<KubeObject | Error> => {
      const { namespace } = object.metadata;
      const resource = this.resource(object.apiVersion, object.kind);
      try {
        return await this.server.create(resource, object, { ...options, ...(namespace ? { namespace } : {}) });
      } catch (error) {
        return error instanceof Error ? error : new Error(String(error));
      }
    };
    return Promise.all(objects.map((object) => this.limit(() => one(object))));
  }

  /** All objects of a kind in one version, by name. */
  async list(apiVersion: string, kind: string, namespace?: string): Promise<Map<string, KubeObject>> {
    const found = new Map<string, KubeObject>();
    const resource = this.resource(apiVersion, kind);
    for await (const { items } of this.server.pages(resource, namespace ? { namespace } : {})) {
      for (const item of items) found.set(item.metadata.name, { ...item, apiVersion, kind });
    }
    return found;
  }

  /** Deletes them, and doesn't wait for controllers that must look first. */
  async remove(objects: readonly KubeObject[]): Promise<void> {
    const one = ({ apiVersion, kind, metadata: { name, namespace } }: KubeObject) =>
      this.server.delete(this.resource(apiVersion, kind), name, namespace);
    await Promise.all(objects.map((object) => this.limit(() => one(object))));
  }

  private resource(apiVersion: string, kind: string): ApiResource {
    const found = this.find(apiVersion, kind);
    if (!found) throw new Error(`the server doesn't serve ${apiVersion} ${kind}`);
    return found;
  }

  private find(apiVersion: string, kind: string): ApiResource | undefined {
    const [group, version] = [groupOf(apiVersion), versionOf(apiVersion)];
    return this.resources.find((each) => each.group === group && each.version === version && each.kind === kind);
  }
}
