import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { ApiResource, KubeObject } from "../../../src/model/objects.js";
import { aboutItself, openKubeconfig } from "../../harness/fake-api.js";
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
      : aboutItself(pathname, { version: "v1.35.4", clusterId, resources: kinds });
    const missing = { kind: "Status", apiVersion: "v1", status: "Failure", reason: "NotFound", code: 404 };
    response
      .writeHead(answer ? 200 : 404, { "content-type": "application/json" })
      .end(JSON.stringify(answer ?? missing));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    clusterId,
    kubeconfig: openKubeconfig("green", `http://127.0.0.1:${port}`),
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
