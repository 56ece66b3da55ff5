import { setTimeout as sleep } from "node:timers/promises";
import pLimit from "p-limit";
import { KubeError, type KubeWriter } from "../kube/api.js";
import { type ApiResource, groupOf, type KubeObject, refKey, refOf, versionOf } from "../model/objects.js";
import { withCertificate } from "./tls.js";

const concurrency = 32;

/** Passes in a row that may get nothing further, and the pause before each: quotas and accounts come by controllers. */
const patience = { passes: 40, pauseMs: 250 };

/** A quota refuses what it counts until its controller knows the kind, which for custom kinds takes half a minute. */
const lateKinds = new Set(["ResourceQuota"]);

/**
 * Applies manifests to a fresh cluster, as a team's own tooling would: in passes, since some need what others bring.
 * Throws with the server's words for what it refuses for good.
 */
export async function applyWorkload(kube: KubeWriter, objects: readonly KubeObject[], now: Date): Promise<number> {
  const uids = new Map<string, string>();
  const ready = await Promise.all(objects.map((object) => withCertificate(object, now)));
  await applyInPasses(
    kube,
    ready.filter(({ kind }) => !lateKinds.has(kind)),
    uids,
  );
  await applyInPasses(
    kube,
    ready.filter(({ kind }) => lateKinds.has(kind)),
    uids,
  );
  return objects.length;
}

async function applyInPasses(kube: KubeWriter, objects: KubeObject[], uids: Map<string, string>): Promise<void> {
  let left = objects;
  let idle = 0;
  while (left.length > 0) {
    const { resources } = await kube.discover();
    const refusals = new Map<string, string>();
    const limit = pLimit(concurrency);
    const again = await Promise.all(
      left.map((object) => limit(() => applyOne(kube, resources, uids, refusals, object))),
    );
    const next = again.filter((object) => object !== undefined);
    idle = next.length === left.length ? idle + 1 : 0;
    if (idle > 0) await sleep(patience.pauseMs);
    if (idle > patience.passes) {
      const [first] = refusals;
      throw new Error(`${left.length} objects were refused, e.g. ${first?.[0]}: ${first?.[1]}`);
    }
    left = next;
  }
}

/** The object itself where it has to wait for another pass; undefined once it's there. */
async function applyOne(
  kube: KubeWriter,
  resources: readonly ApiResource[],
  uids: Map<string, string>,
  refusals: Map<string, string>,
  object: KubeObject,
): Promise<KubeObject | undefined> {
  const resource = resources.find(
    ({ group, version, kind }) =>
      group === groupOf(object.apiVersion) && version === versionOf(object.apiVersion) && kind === object.kind,
  );
  const key = refKey(refOf(object));
  const owned = withOwners(object, uids);
  if (!resource || !owned) {
    refusals.set(key, resource ? "its owner isn't there" : `${object.apiVersion} ${object.kind} isn't served`);
    return object;
  }
  try {
    uids.set(key, (await create(kube, resource, owned)).metadata.uid ?? "");
    return undefined;
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    refusals.set(key, error.message);
    return object;
  }
}

async function create(kube: KubeWriter, resource: ApiResource, object: KubeObject): Promise<KubeObject> {
  const { namespace } = object.metadata;
  try {
    const created = await kube.create(resource, object, {
      fieldManager: "kubectl-create",
      ...(namespace && { namespace }),
    });
    const { status } = object;
    if (status === undefined || !resource.subresources.includes("status")) return created;
    return await kube.patch(
      resource,
      object.metadata.name,
      { status },
      { type: "merge", subresource: "status", ...(namespace && { namespace }) },
    );
  } catch (error) {
    if (!(error instanceof KubeError) || error.reason !== "AlreadyExists") throw error;
    // What the cluster brings itself (namespaces, default accounts) gets the manifest's fields.
    return applyOver(kube, resource, object, namespace ? { namespace } : {});
  }
}

async function applyOver(
  kube: KubeWriter,
  resource: ApiResource,
  object: KubeObject,
  into: { namespace?: string },
): Promise<KubeObject> {
  try {
    return await kube.apply(resource, object, { fieldManager: "kubectl", force: true, ...into });
  } catch (error) {
    // Up to 1.15 a server knows no apply.
    if (!(error instanceof KubeError) || error.status !== 415) throw error;
    return kube.patch(resource, object.metadata.name, object, { type: "merge", ...into });
  }
}

/** With the uids that its owners got on this cluster; undefined while one of them isn't there. */
function withOwners(object: KubeObject, uids: ReadonlyMap<string, string>): KubeObject | undefined {
  const owners = object.metadata.ownerReferences;
  if (!owners) return object;
  const { namespace } = object.metadata;
  const resolved = owners.map((owner) => {
    const ref = { group: groupOf(owner.apiVersion), kind: owner.kind, name: owner.name };
    const uid = (namespace && uids.get(refKey({ ...ref, namespace }))) || uids.get(refKey(ref));
    return uid ? { ...owner, uid } : undefined;
  });
  if (resolved.some((owner) => owner === undefined)) return undefined;
  return {
    ...object,
    metadata: { ...object.metadata, ownerReferences: resolved.filter((owner) => owner !== undefined) },
  };
}
