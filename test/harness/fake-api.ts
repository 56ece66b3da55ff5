import { stringify } from "yaml";
import type { ApiResource } from "../../src/model/objects.js";

/** A server of the core group alone. */
export interface FakeApi {
  version: string;
  clusterId: string;
  resources: readonly Pick<ApiResource, "resource" | "kind" | "namespaced" | "verbs">[];
}

/** What an API server answers of itself at a path: which groups and kinds it has, its version and its identity. */
export function aboutItself(path: string, { version, clusterId, resources }: FakeApi): object | undefined {
  switch (path) {
    case "/api":
      return { kind: "APIVersions", versions: ["v1"] };
    case "/apis":
      return { kind: "APIGroupList", groups: [] };
    case "/api/v1":
      return {
        kind: "APIResourceList",
        groupVersion: "v1",
        resources: resources.map(({ resource, ...rest }) => ({ name: resource, ...rest })),
      };
    case "/version":
      return { gitVersion: version };
    case "/api/v1/namespaces/kube-system":
      return { kind: "Namespace", apiVersion: "v1", metadata: { name: "kube-system", uid: clusterId } };
    default:
      return undefined;
  }
}

/** A kubeconfig with one context, that leads to a server which asks for nothing. */
export function openKubeconfig(name: string, server: string): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, "insecure-skip-tls-verify": true } }],
    users: [{ name, user: {} }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  });
}
