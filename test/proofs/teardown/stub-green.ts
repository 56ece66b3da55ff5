import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { stringify } from "yaml";
import type { ApiResource, KubeObject } from "../../../src/model/objects.js";
import { type Green, kinds } from "./plant.js";

/** A green that shows what it was given, for where a real API server would take too long. */
export interface StubGreen extends Green {
  kubeconfig: string;
  clusterId: string;
  close(): void;
}

export async function stubGreen(clusterId = "green-id"): Promise<StubGreen> {
  const objects = new Map<string, { resource: ApiResource; items: Pick<KubeObject, "kind" | "metadata">[] }>(
    kinds.map((resource) => [`/api/v1/${resource.resource}`, { resource, items: [] }]),
  );
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://stub");
    const list = objects.get(pathname);
    const answer = list
      ? { kind: "List", apiVersion: "v1", metadata: { resourceVersion: "1" }, items: list.items }
      : fixed(pathname, clusterId);
    const missing = { kind: "Status", apiVersion: "v1", status: "Failure", reason: "NotFound", code: 404 };
    response
      .writeHead(answer ? 200 : 404, { "content-type": "application/json" })
      .end(JSON.stringify(answer ?? missing));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const name = "green";
  return {
    clusterId,
    kubeconfig: stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name, cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } }],
      users: [{ name, user: {} }],
      contexts: [{ name, context: { cluster: name, user: name } }],
      "current-context": name,
    }),
    async add(resource, object) {
      objects.get(`/api/v1/${resource.resource}`)?.items.push(object);
    },
    async serve(label, hostname, annotations = {}) {
      const ingress = hostname === "" ? [] : [{ hostname }];
      const object = { kind: "Service", metadata: { name: label, namespace: "default", annotations } };
      objects.get("/api/v1/services")?.items.push({ ...object, ...{ status: { loadBalancer: { ingress } } } });
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function fixed(path: string, clusterId: string): object | undefined {
  switch (path) {
    case "/api":
      return { kind: "APIVersions", versions: ["v1"] };
    case "/apis":
      return { kind: "APIGroupList", groups: [] };
    case "/api/v1":
      return {
        kind: "APIResourceList",
        groupVersion: "v1",
        resources: kinds.map(({ resource, kind, namespaced, verbs }) => ({ name: resource, kind, namespaced, verbs })),
      };
    case "/version":
      return { gitVersion: "v1.35.4" };
    case "/api/v1/namespaces/kube-system":
      return { kind: "Namespace", apiVersion: "v1", metadata: { name: "kube-system", uid: clusterId } };
    default:
      return undefined;
  }
}
