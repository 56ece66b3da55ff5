import { KubeConfig } from "@kubernetes/client-node";
import { migrations } from "../../migrations/index.js";
import type { KubeReader, KubeWriter } from "../../src/kube/api.js";
import { connect } from "../../src/kube/connect.js";
import { type ApiResource, apiVersionOf, type KubeObject } from "../../src/model/objects.js";
import { readLive } from "../../src/replay/live-source.js";
import type { ReplaySource } from "../../src/replay/replay.js";

/** Two real control planes: admin kubeconfigs of an old and a new one, whose current contexts are used. */
const { CLUSTERSHIFT_TEST_BLUE_KUBECONFIG: blueFile, CLUSTERSHIFT_TEST_GREEN_KUBECONFIG: greenFile } = process.env;
export const servers = blueFile && greenFile ? { blueFile, greenFile } : undefined;
export const why = servers
  ? ""
  : " (skipped: CLUSTERSHIFT_TEST_BLUE_KUBECONFIG and CLUSTERSHIFT_TEST_GREEN_KUBECONFIG name no servers)";

export async function open(kubeconfig: string): Promise<KubeWriter> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  return connect({ kubeconfig, context: config.getCurrentContext(), env: {} });
}

/** Writes and deletes by apiVersion and kind, whatever a server serves by now. */
export class Hand {
  private resources: ApiResource[] = [];

  constructor(readonly server: KubeWriter) {}

  async write(object: KubeObject, fieldManager = "kubectl"): Promise<KubeObject> {
    return this.server.apply(await this.resource(object), object, { fieldManager, force: true });
  }

  async read(object: KubeObject): Promise<KubeObject | undefined> {
    return this.server.get(await this.resource(object), object.metadata.name, object.metadata.namespace);
  }

  async remove(object: KubeObject): Promise<void> {
    await this.server.delete(await this.resource(object), object.metadata.name, object.metadata.namespace);
  }

  /** Takes finalizers off, whoever set them, so that the object can be deleted. */
  async release(object: KubeObject): Promise<void> {
    const { name, namespace } = object.metadata;
    const options = { type: "merge", ...(namespace ? { namespace } : {}) } as const;
    await this.server.patch(await this.resource(object), name, { metadata: { finalizers: null } }, options);
  }

  private async resource({ apiVersion, kind }: KubeObject): Promise<ApiResource> {
    const find = () => this.resources.find((r) => apiVersionOf(r.group, r.version) === apiVersion && r.kind === kind);
    for (let attempt = 0; !find() && attempt < 50; attempt++) {
      this.resources = (await this.server.discover()).resources;
      if (!find()) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const found = find();
    if (!found) throw new Error(`${this.server.name} doesn't serve ${apiVersion} ${kind}`);
    return found;
  }
}

/** Others use these servers too: of all of blue, only what carries the test's name. */
export async function only(mark: string, blue: KubeReader, green: KubeReader): Promise<ReplaySource> {
  const { resources } = await green.discover();
  return having(mark, await readLive(blue, resources, migrations));
}

/** A reader that sees nothing but what carries the test's name. */
export function marked(mark: string, blue: KubeReader): KubeReader {
  const isOurs = ({ metadata }: KubeObject) => `${metadata.namespace} ${metadata.name}`.includes(mark);
  return {
    ...blue,
    async *pages(resource, options) {
      for await (const page of blue.pages(resource, options)) yield { ...page, items: page.items.filter(isOurs) };
    },
    async *watch(resource, from, options) {
      for await (const event of blue.watch(resource, from, options)) {
        if (event.type === "BOOKMARK" || isOurs(event.object)) yield event;
      }
    },
  };
}

async function having(mark: string, source: ReplaySource): Promise<ReplaySource> {
  const kept = new Map<ApiResource, KubeObject[]>();
  for (const { resource } of source.kinds) {
    const objects: KubeObject[] = [];
    for await (const object of source.objects(resource)) {
      if (`${object.metadata.namespace} ${object.metadata.name}`.includes(mark)) objects.push(object);
    }
    kept.set(resource, objects);
  }
  return {
    kinds: [...kept].map(([resource, { length: count }]) => ({ resource, count })),
    async *objects(resource) {
      yield* kept.get(resource) ?? [];
    },
  };
}
