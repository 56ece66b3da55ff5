import { readFile } from "node:fs/promises";
import { parse, stringify } from "yaml";
import type { KubeWriter } from "../kube/api.js";
import type { KubeObject } from "../model/objects.js";
import { apiOf } from "./cluster/api.js";
import { applyWorkload } from "./workload.js";

/** Longer than any sandbox lives. Seconds. */
const tokenLife = 7 * 86_400;

export interface Kubeconfig {
  clusters: { name: string; cluster: object }[];
  users: { name: string; user: object }[];
  contexts: { name: string; context: { cluster: string; user: string } }[];
  "current-context": string;
}

/**
 * Gives clustershift an identity of its own in a cluster: the ServiceAccount and role of `permissions`, and a kubeconfig with
 * its token and one context, `context`. The sandbox plays the platform team that would do this.
 */
export async function createIdentity(options: {
  kube: KubeWriter;
  adminKubeconfig: string;
  permissions: readonly KubeObject[];
  context: string;
  now: Date;
}): Promise<string> {
  const { kube, adminKubeconfig, permissions, context, now } = options;
  await applyWorkload(kube, permissions, now);
  const account = permissions.find(({ kind }) => kind === "ServiceAccount");
  if (!account) throw new Error("the permissions have no ServiceAccount");
  const { name, namespace } = account.metadata;
  const { api, close } = apiOf(adminKubeconfig);
  try {
    const request = {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { expirationSeconds: tokenLife },
    };
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
    const { status } = (await api("POST", path, request)) as { status: { token: string } };
    const admin = parse(await readFile(adminKubeconfig, "utf8")) as Kubeconfig;
    const cluster = admin.clusters[0]?.cluster ?? {};
    return stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: context, cluster }],
      users: [{ name: `${context}-${name}`, user: { token: status.token } }],
      contexts: [{ name: context, context: { cluster: context, user: `${context}-${name}` } }],
      "current-context": context,
    });
  } finally {
    await close();
  }
}
