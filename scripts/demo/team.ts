import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { homeOf } from "../../src/kube/resources.js";
import { type KubeObject, refKey, refOf } from "../../src/model/objects.js";
import { perClusterKind } from "../../src/replay/rules/per-cluster-kinds.js";
import { type Api, ApiFailure, mergePatch } from "../../src/sandbox/cluster/api.js";

/** An object as it was on blue right before blue died. */
export interface LastSeen {
  key: string;
  isSecret: boolean;
}

const shop = "/api/v1/namespaces/shop";
/** Goes with the backup, and with blue: only a person can say whether it is to come back. */
export const deleted = "Ingress.networking.k8s.io shop/campaign";

/** What people change in production in the hours between a backup and an outage. */
export async function workOn(api: Api): Promise<{ made: string[]; edited: string; deleted: string }> {
  const labels = { app: "vouchers" };
  const container = { name: "vouchers", image: "registry.acme.example/shop/vouchers:1.0.0" };
  await api("POST", `${shop}/configmaps`, {
    ...{ apiVersion: "v1", kind: "ConfigMap" },
    metadata: { name: "vouchers", namespace: "shop" },
    data: { discount: "10 %" },
  });
  await api("POST", `${shop}/services`, {
    ...{ apiVersion: "v1", kind: "Service" },
    metadata: { name: "vouchers", namespace: "shop" },
    spec: { selector: labels, ports: [{ name: "http", port: 80, targetPort: 8080 }] },
  });
  await api("POST", "/apis/apps/v1/namespaces/shop/deployments", {
    ...{ apiVersion: "apps/v1", kind: "Deployment" },
    metadata: { name: "vouchers", namespace: "shop", labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ ...container, resources: { requests: { cpu: "50m", memory: "64Mi" } } }] },
      },
    },
  });
  await api("PATCH", `${shop}/configmaps/web`, { data: { release: "4.19.0" } }, mergePatch);
  await api("DELETE", "/apis/networking.k8s.io/v1/namespaces/shop/ingresses/campaign");
  return {
    made: ["ConfigMap shop/vouchers", "Service shop/vouchers", "Deployment.apps shop/vouchers"],
    edited: "ConfigMap shop/web",
    deleted,
  };
}

/**
 * What a team's script does, kind by kind: `kubectl get KIND --all-namespaces -o yaml > KIND.yaml`; no Secrets, which would lie there in
 * plain text. Resolves to all that blue had at that moment, Secrets too, of what another cluster doesn't make by itself.
 */
export async function exportByScript(api: Api, dir: string): Promise<{ objects: number; all: LastSeen[] }> {
  await mkdir(dir, { recursive: true });
  let objects = 0;
  const all: LastSeen[] = [];
  for (const { groupVersion, resource, kind } of await listable(api)) {
    const root = groupVersion.includes("/") ? `/apis/${groupVersion}` : `/api/${groupVersion}`;
    const answer = (await api("GET", `${root}/${resource}`)) as { items: KubeObject[] };
    // A list says once what its items are; kubectl says it of each.
    const items = answer.items.map((item): KubeObject => ({ ...item, apiVersion: groupVersion, kind }));
    const isSecret = kind === "Secret";
    all.push(...items.filter(isKept).map((item) => ({ key: keyOf(item), isSecret })));
    if (isSecret) continue;
    objects += items.length;
    // kubectl's YAML is 1.1, where a bare `yes` is no string.
    const list = { apiVersion: "v1", items, kind: "List", metadata: { resourceVersion: "" } };
    const text = stringify(list, { version: "1.1" });
    await writeFile(join(dir, `${resource}.${groupVersion.replace("/", "_")}.yaml`), text);
  }
  return { objects, all };
}

export const keyOf = (object: KubeObject): string => refKey({ ...refOf(object), ...homeOf(refOf(object)) });

interface Discovered {
  preferredVersion: { groupVersion: string };
  versions: { groupVersion: string }[];
}

/** As `kubectl api-resources --verbs list` has it: each kind in its group's preferred version, or in another one that has it. */
async function listable(api: Api): Promise<{ groupVersion: string; resource: string; kind: string }[]> {
  const { groups } = (await api("GET", "/apis")) as { groups: Discovered[] };
  const named = groups.map(({ preferredVersion, versions }) =>
    [preferredVersion, ...versions].map(({ groupVersion }) => groupVersion),
  );
  const found: { groupVersion: string; resource: string; kind: string }[] = [];
  for (const versions of [["v1"], ...named]) {
    const seen = new Set<string>();
    for (const groupVersion of new Set(versions)) {
      const root = groupVersion.includes("/") ? `/apis/${groupVersion}` : `/api/${groupVersion}`;
      const { resources } = (await api("GET", root).catch(ifSilent)) as {
        resources: { name: string; kind: string; verbs: string[] }[];
      };
      for (const { name, kind, verbs } of resources) {
        if (!verbs.includes("list") || name.includes("/") || seen.has(name)) continue;
        seen.add(name);
        found.push({ groupVersion, resource: name, kind });
      }
    }
  }
  return found;
}

/** An aggregated API whose server is away: kubectl complains of it, and goes on. */
function ifSilent(error: unknown): { resources: [] } {
  if (error instanceof ApiFailure && error.status === 503) return { resources: [] };
  throw error;
}

/** Not what each cluster has of its own, nor what controllers make of something else: both come and go. */
function isKept(object: KubeObject): boolean {
  const isOwned = object.metadata.ownerReferences?.some(({ controller }) => controller) ?? false;
  return !isOwned && perClusterKind(refOf(object)) === undefined && object.kind !== "Endpoints";
}
