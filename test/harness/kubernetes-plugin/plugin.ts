import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import type { KubeWriter } from "../../../src/kube/api.js";
import { connect } from "../../../src/kube/connect.js";
import { type ApiResource, apiVersionOf, type KubeObject } from "../../../src/model/objects.js";
import { differing, type Live, type Plugin, type Props, projected } from "../plugin/plugin.js";

/**
 * A resource plugin for tests in the place of Pulumi's own for Kubernetes: an object is applied to a real API server, read from
 * it and deleted there, with the credentials of the kubeconfig that the program gave.
 *
 * `folder`: where the kubeconfig may lie, which is read again whenever credentials are needed.
 */
export function kubernetesPlugin(env: NodeJS.ProcessEnv, folder: string): Plugin {
  let kubeconfig = "";
  let opened: Promise<Cluster> | undefined;
  /** Not before it is needed: in a preview of a cluster that isn't there nobody can be asked. */
  const cluster = () => (opened ??= openCluster(kubeconfig, env, folder));

  return {
    version: "4.34.2",
    async configure(config) {
      kubeconfig = String(config.kubeconfig ?? "");
    },
    check: async (_type, _name, inputs) => inputs,
    diff(_type, before, after) {
      const places: Props[] = [before, after].map(({ apiVersion, kind, metadata }) => {
        const { name, namespace } = metadataOf(metadata);
        return { apiVersion, kind, metadata: { name, namespace } };
      });
      return { changes: differing(before, after), replaces: differing(places[0] ?? {}, places[1] ?? {}) };
    },
    async create(_type, inputs) {
      const { kube, resourceOf } = await cluster();
      const object = inputs as unknown as KubeObject;
      const made = await kube.apply(await resourceOf(object), object, { fieldManager: "pulumi", force: true });
      return liveOf(inputs, made);
    },
    async read(_type, _id, inputs) {
      const { kube, resourceOf } = await cluster();
      const { name, namespace } = metadataOf(inputs.metadata);
      const found = await kube.get(await resourceOf(inputs as unknown as KubeObject), name, namespace);
      return found && liveOf(projected(inputs, found as unknown as Props), found);
    },
    async update(_type, _id, _before, after) {
      const { kube, resourceOf } = await cluster();
      const object = after as unknown as KubeObject;
      const made = await kube.apply(await resourceOf(object), object, { fieldManager: "pulumi", force: true });
      return liveOf(after, made);
    },
    async delete(_type, _id, inputs) {
      const { kube, resourceOf } = await cluster();
      const resource = await resourceOf(inputs as unknown as KubeObject);
      const { name, namespace } = metadataOf(inputs.metadata);
      await kube.delete(resource, name, namespace);
      // Namespaces take their time.
      while ((await kube.get(resource, name, namespace)) !== undefined) await sleep(100);
    },
    async invoke(token) {
      throw new Error(`the Kubernetes plugin for tests doesn't know ${token}`);
    },
  };
}

interface Cluster {
  kube: KubeWriter;
  resourceOf(object: Pick<KubeObject, "apiVersion" | "kind">): Promise<ApiResource>;
}

async function openCluster(kubeconfig: string, env: NodeJS.ProcessEnv, folder: string): Promise<Cluster> {
  const path = join(folder, `kubeconfig-${process.pid}.yaml`);
  await writeFile(path, kubeconfig, { mode: 0o600 });
  const kube = await connect({ kubeconfig: path, context: String(parse(kubeconfig)["current-context"]), env });
  let { resources } = await kube.discover();
  const find = ({ apiVersion, kind }: Pick<KubeObject, "apiVersion" | "kind">) =>
    resources.find((each) => apiVersionOf(each.group, each.version) === apiVersion && each.kind === kind);
  return {
    kube,
    async resourceOf(object) {
      // Definitions may have come meanwhile.
      if (!find(object)) ({ resources } = await kube.discover());
      const found = find(object);
      if (!found) throw new Error(`the server has no ${object.apiVersion} ${object.kind}`);
      return found;
    },
  };
}

function metadataOf(metadata: unknown): { name: string; namespace?: string } {
  return metadata as { name: string; namespace?: string };
}

function liveOf(inputs: Props, { metadata }: KubeObject): Live {
  const { name, namespace, uid } = metadata;
  const id = namespace ? `${namespace}/${name}` : name;
  return { id, inputs, outputs: { ...inputs, uid } };
}
