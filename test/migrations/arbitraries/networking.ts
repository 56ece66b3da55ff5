import fc from "fast-check";
import type { JsonObject } from "../../../src/model/objects.js";
import { labels, selector, some } from "./shared.js";

/** Random valid bodies of networking kinds in their old versions. */

const peer = fc.oneof(
  some<unknown>({ podSelector: selector, namespaceSelector: selector }).filter((peer) => Object.keys(peer).length > 0),
  some<unknown>({ cidr: fc.constant("10.0.0.0/8"), except: fc.constantFrom(["10.1.0.0/16"], []) }, ["cidr"]).map(
    (ipBlock) => ({ ipBlock }),
  ),
);

const policyPort = some<unknown>({
  protocol: fc.constantFrom("TCP", "UDP"),
  port: fc.oneof(fc.integer({ min: 1, max: 65535 }), fc.constant("http")),
});

const policyRule = (peers: string) =>
  some<unknown>({ ports: fc.array(policyPort, { maxLength: 2 }), [peers]: fc.array(peer, { maxLength: 2 }) });

export const networkPolicy: fc.Arbitrary<JsonObject> = some<unknown>(
  {
    podSelector: selector,
    ingress: fc.array(policyRule("from"), { maxLength: 2 }),
    egress: fc.array(policyRule("to"), { maxLength: 2 }),
    policyTypes: fc.constantFrom(["Ingress"], ["Egress"], ["Ingress", "Egress"]),
  },
  ["podSelector"],
).map((spec) => ({ spec }));

const backend = fc.oneof(
  fc.record({
    serviceName: fc.constantFrom("web", "api"),
    servicePort: fc.oneof(fc.integer({ min: 1, max: 65535 }), fc.constantFrom("http", "x-80")),
  }),
  some<unknown>({ apiGroup: fc.constant("acme.example") }).map((group) => ({
    resource: { ...group, kind: "Bucket", name: "static" },
  })),
);

const ingressPath = fc.oneof(
  some<unknown>({ path: fc.constantFrom("/", "/a.*", "/b/c"), backend }, ["backend"]),
  fc.record({
    path: fc.constantFrom("/", "/a", "/b/c"),
    pathType: fc.constantFrom("Exact", "Prefix", "ImplementationSpecific"),
    backend,
  }),
);

const ingressRule = some<unknown>({
  host: fc.constantFrom("web.example.com", "*.example.com"),
  http: fc.array(ingressPath, { minLength: 1, maxLength: 3 }).map((paths) => ({ paths })),
});

const lastResort = { serviceName: "web", servicePort: 80 };

/** In extensions/v1beta1 and networking.k8s.io/v1beta1. */
export const ingress: fc.Arbitrary<JsonObject> = fc.record({
  metadata: some<unknown>({ labels, annotations: fc.constantFrom({ a: "ü" }, { "nginx.example/rewrite": "/$1" }) }),
  spec: fc
    .tuple(
      some<unknown>({
        backend,
        tls: fc.constantFrom([{ secretName: "tls" }], [{ hosts: ["web.example.com"], secretName: "tls" }], [{}]),
        ingressClassName: fc.constant("nginx"),
      }),
      fc.array(ingressRule, { maxLength: 3 }),
    )
    // One of the two must be there.
    .map(([spec, rules]): JsonObject => (rules.length > 0 ? { ...spec, rules } : { backend: lastResort, ...spec })),
});

export const ingressClass: fc.Arbitrary<JsonObject> = some<unknown>(
  {
    controller: fc.constantFrom("acme.example/nginx", "example.com/a/b"),
    parameters: some<unknown>(
      { apiGroup: fc.constant("acme.example"), kind: fc.constant("Params"), name: fc.constant("p") },
      ["kind", "name"],
    ),
  },
  ["controller"],
).map((spec) => ({ spec }));
