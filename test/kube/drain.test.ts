import { describe, expect, it } from "vitest";
import { connectDrain } from "../../src/kube/drain.js";
import { blueDrainPermissions } from "../../src/kube/permissions.js";
import type { ApiResource, KubeObject } from "../../src/model/objects.js";
import { fakeServer, kubeconfigFor, status } from "./fake-server.js";

const services: ApiResource = {
  ...{ group: "", version: "v1", kind: "Service", resource: "services", namespaced: true },
  ...{ verbs: [], subresources: [] },
};
const object = (parts: object = {}): KubeObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "shop", uid: "u", resourceVersion: "7" },
  spec: { type: "LoadBalancer" },
  ...parts,
});
const open = async (url: string) =>
  connectDrain({ kubeconfig: await kubeconfigFor(url), context: "fake", env: {}, tuning: { attempts: 1 } });

describe("the drain's client", () => {
  it("deletes exactly the object that was looked at", async () => {
    let body = "";
    const server = await fakeServer({
      handle: (request, response) => {
        request.on("data", (piece) => (body += piece));
        response.end("{}");
      },
    });
    const client = await open(server.url);
    expect(await client.remove(services, object())).toBe(true);
    expect(server.requests).toEqual(["DELETE /api/v1/namespaces/shop/services/web"]);
    expect(body === "" || JSON.parse(body).preconditions).toBeTruthy();
    await client.close();
  });

  it.each([
    ["another kind", { kind: "Deployment" }],
    ["another type of Service", { spec: { type: "ClusterIP" } }],
    ["an object that nobody looked at", { metadata: { name: "web", namespace: "shop" } }],
  ])("sends nothing for %s", async (_, parts) => {
    const server = await fakeServer({ body: {} });
    const client = await open(server.url);
    await expect(client.remove(services, object(parts))).rejects.toThrow("not sent");
    expect(server.requests).toEqual([]);
    await client.close();
  });

  it("takes one that is gone for done, and one that has changed for an error", async () => {
    const server = await fakeServer(status(404, "NotFound"), status(409, "Conflict"));
    const client = await open(server.url);
    expect(await client.remove(services, object())).toBe(false);
    await expect(client.remove(services, object())).rejects.toMatchObject({ status: 409 });
    await client.close();
  });

  it("has no method that writes otherwise, and a role that can't", async () => {
    const client = await open("http://127.0.0.1:9");
    expect(Object.keys(client).sort()).toEqual(["close", "get", "info", "lacks", "name", "remove", "server"]);
    await client.close();
    const role = blueDrainPermissions().find(({ kind }) => kind === "ClusterRole");
    const rules = role?.rules as { resources: string[]; verbs: string[] }[];
    expect(rules.flatMap(({ resources, verbs }) => (verbs.includes("delete") ? resources : []))).toEqual([
      "services",
      "ingresses",
    ]);
    expect(new Set(rules.flatMap(({ verbs }) => verbs))).toEqual(new Set(["get", "delete"]));
  });
});
