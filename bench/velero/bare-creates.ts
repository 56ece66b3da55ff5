import { setTimeout as sleep } from "node:timers/promises";
import pLimit from "p-limit";
import { KubeError, type KubeWriter } from "../../src/kube/api.js";
import { connect } from "../../src/kube/connect.js";
import { type ApiResource, apiVersionOf, kindKey } from "../../src/model/objects.js";
import { concurrency } from "../cluster.js";
import { timed } from "../measure.js";
import type { Backed } from "./archive.js";
import { plain } from "./plain.js";
import type { Green } from "./world.js";

/** Of what others need before theirs can be created at all. */
const first = ["Namespace", "CustomResourceDefinition.apiextensions.k8s.io"];
const mostWaiting = 10_000;

export interface Created {
  ms: number;
  created: number;
  refused: number;
}

/**
 * The least that anybody could do: each object sent once, as blue had it but without owners, 32 at once and in no order but that namespaces and
 * definitions come first. What green refuses so stays away.
 */
export async function byBareCreates({ kubeconfig, name }: Green, wanted: readonly Backed[]): Promise<Created> {
  const api = await connect({ kubeconfig, context: name, env: {} });
  const limit = pLimit(concurrency);
  let [created, refused] = [0, 0];
  const createAll = (objects: readonly Backed[], served: readonly ApiResource[]) =>
    Promise.all(
      objects.map((backed) =>
        limit(async () => {
          if (await create(api, backed, served)) created++;
          else refused++;
        }),
      ),
    );
  try {
    const ms = await timed(async () => {
      await createAll(
        wanted.filter(({ kind }) => first.includes(kind)),
        (await api.discover()).resources,
      );
      const others = wanted.filter(({ kind }) => !first.includes(kind));
      await createAll(others, await awaitKinds(api, wanted));
    });
    return { ms, created, refused };
  } finally {
    await api.close();
  }
}

async function create(api: KubeWriter, backed: Backed, served: readonly ApiResource[]): Promise<boolean> {
  for (const object of backed.versions) {
    const resource = served.find(
      (each) =>
        kindKey(each) === backed.kind &&
        apiVersionOf(each.group, each.version) === object.apiVersion &&
        each.verbs.includes("create"),
    );
    if (!resource) continue;
    const { namespace } = object.metadata;
    return api.create(resource, plain(object), namespace ? { namespace } : {}).then(
      () => true,
      (error: unknown) => {
        if (error instanceof KubeError) return false;
        throw error;
      },
    );
  }
  return false;
}

/** Once green serves what the definitions define; whatever it serves when that takes too long. */
async function awaitKinds(api: KubeWriter, wanted: readonly Backed[]): Promise<ApiResource[]> {
  const groups = wanted
    .filter(({ kind }) => kind === first[1])
    .map(({ versions }) => (versions[0] as { spec?: { group?: string } }).spec?.group);
  const deadline = performance.now() + mostWaiting;
  for (;;) {
    const { resources } = await api.discover();
    const served = new Set(resources.map(({ group }) => group));
    if (groups.every((group) => group === undefined || served.has(group)) || performance.now() > deadline)
      return resources;
    await sleep(50);
  }
}
