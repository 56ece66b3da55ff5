import { describe, expect, it } from "vitest";
import { ingressExtensions } from "../../migrations/ingress-extensions.js";
import { ingressNetworking } from "../../migrations/ingress-networking.js";
import { migrateOne, objectFor } from "./apply.js";

const resource = { apiGroup: "k8s.example.com", kind: "Bucket", name: "static" };

describe.each([ingressExtensions, ingressNetworking])("$id", (migration) => {
  it.each([
    ["a port number", { serviceName: "web", servicePort: 80 }, { service: { name: "web", port: { number: 80 } } }],
    ["a port name", { serviceName: "web", servicePort: "http" }, { service: { name: "web", port: { name: "http" } } }],
    ["digits in a text", { serviceName: "web", servicePort: "80" }, { service: { name: "web", port: { number: 80 } } }],
    ["a resource", { resource }, { resource }],
    ["a resource, as servers show it", { resource, servicePort: 0 }, { resource }],
    ["a service without a port", { serviceName: "web", servicePort: 0 }, { service: { name: "web", port: {} } }],
  ])("a backend with %s, as default and in a path", (_name, backend, becomes) => {
    const object = objectFor(migration, {
      spec: { backend, rules: [{ host: "*.x", http: { paths: [{ backend }] } }] },
    });
    expect(migrateOne(migration, object)).toStrictEqual({
      ...object,
      apiVersion: "networking.k8s.io/v1",
      spec: {
        defaultBackend: becomes,
        rules: [{ host: "*.x", http: { paths: [{ pathType: "ImplementationSpecific", backend: becomes }] } }],
      },
    });
  });

  it("keeps pathType, class, TLS and rules without paths", () => {
    const spec = {
      ingressClassName: "nginx",
      tls: [{ hosts: ["x"], secretName: "s" }],
      rules: [{ host: "x" }, { http: { paths: [{ path: "/", pathType: "Prefix" }] } }],
    };
    expect(migrateOne(migration, objectFor(migration, { spec })).spec).toEqual(spec);
  });

  it("takes one without a spec", () => {
    expect(migrateOne(migration, objectFor(migration))).not.toHaveProperty("spec");
  });
});
