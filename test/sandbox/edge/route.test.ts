import { describe, expect, it } from "vitest";
import { certificateFor, route, tcpRoutes } from "../../../src/sandbox/edge/route.js";
import { ingress, service, slice, tlsSecret, viewOf } from "./objects.js";

const ready = (name: string) => [service(name), slice(name, [[`${name}-1`, true]])];

function servedBy(view: Parameters<typeof route>[0], host: string, path: string): string | number {
  const found = route(view, host, path);
  return found.status === 200 ? found.service : found.status;
}

describe("route", () => {
  const view = viewOf([
    ...["web", "api", "exact", "short", "wild", "any", "legacy", "regex"].flatMap(ready),
    ingress("app", "app.example", [
      ["/", "Prefix", "web"],
      ["/api", "Prefix", "api"],
      ["/api", "Exact", "exact"],
      ["/s", "ImplementationSpecific", "short"],
      ["/old", undefined, "legacy"],
    ]),
    ingress("strict", "strict.example", [["/only/", "Prefix", "web"]]),
    ingress("wildcard", "*.shops.example", [["/", "Prefix", "wild"]]),
    ingress("every", undefined, [["/health", "Exact", "any"]]),
    ingress(
      "regex",
      "regex.example",
      [["/v[0-9]+/(.*)", "ImplementationSpecific", "regex"]],
      {},
      {
        annotations: { "nginx.ingress.kubernetes.io/use-regex": "true" },
      },
    ),
  ]);

  it.each([
    ["app.example", "/", "web"],
    ["APP.example", "/anything/else", "web"],
    ["app.example", "/api", "exact"],
    ["app.example", "/api/", "api"],
    ["app.example", "/api/orders", "api"],
    ["app.example", "/apiary", "web"],
    ["app.example", "/shop", "short"],
    ["app.example", "/older", "legacy"],
    ["strict.example", "/only", "web"],
    ["strict.example", "/only/this", "web"],
    ["strict.example", "/onlythat", 404],
    ["strict.example", "/health", 404],
    ["one.shops.example", "/", "wild"],
    ["two.one.shops.example", "/", 404],
    ["shops.example", "/", 404],
    ["other.example", "/health", "any"],
    ["other.example", "/healthy", 404],
    ["regex.example", "/v2/x", "regex"],
    ["regex.example", "/V12/x", "regex"],
    ["regex.example", "/va/x", 404],
  ])("%s%s -> %s", (host, path, expected) => {
    expect(servedBy(view, host, path)).toBe(expected);
  });

  it.each([
    ["there's no Service", [], "Service shop/web doesn't exist"],
    ["no endpoint", [service("web")], "Service shop/web has no ready endpoints"],
    [
      "no endpoint is ready",
      [service("web"), slice("web", [["web-1", false]])],
      "Service shop/web has no ready endpoints",
    ],
    [
      "the endpoints are another Service's",
      [service("web"), slice("web2", [["web-1", true]])],
      "Service shop/web has no ready endpoints",
    ],
    [
      "the port is another one",
      [service("web", { ports: [{ port: 81 }] }), slice("web", [["web-1", true]])],
      "Service shop/web has no port 80",
    ],
  ])("is 503 where %s", (_, objects, reason) => {
    const incomplete = viewOf([ingress("app", "app.example", [["/", "Prefix", "web"]]), ...objects]);
    expect(route(incomplete, "app.example", "/")).toEqual({ status: 503, reason });
  });

  it("counts an endpoint of unknown readiness as ready, as Kubernetes does", () => {
    const objects = [
      ingress("app", "app.example", [["/", "Prefix", "web"]]),
      service("web"),
      slice("web", [
        ["web-2", undefined],
        ["web-1", true],
        ["web-3", false],
      ]),
    ];
    expect(route(viewOf(objects), "app.example", "/")).toMatchObject({ pods: ["web-1", "web-2"] });
  });

  it("reads v1beta1, and Endpoints", () => {
    const backend = { serviceName: "web", servicePort: "http" };
    const objects = [
      {
        apiVersion: "extensions/v1beta1",
        kind: "Ingress",
        metadata: { name: "old", namespace: "shop" },
        spec: { rules: [{ host: "app.example", http: { paths: [{ backend }] } }] },
      },
      service("web"),
      {
        apiVersion: "v1",
        kind: "Endpoints",
        metadata: { name: "web", namespace: "shop" },
        subsets: [
          {
            addresses: [{ ip: "10.0.0.1", targetRef: { kind: "Pod", name: "web-1" } }, { ip: "10.0.0.9" }],
            notReadyAddresses: [{ ip: "10.0.0.2", targetRef: { kind: "Pod", name: "web-2" } }],
          },
        ],
      },
    ];
    expect(route(viewOf(objects), "app.example", "/x")).toEqual({
      status: 200,
      namespace: "shop",
      service: "web",
      pods: ["10.0.0.9", "web-1"],
    });
  });

  it("falls back to a default backend", () => {
    const defaultBackend = { service: { name: "web", port: { name: "http" } } };
    const objects = [
      ...ready("web"),
      ...ready("api"),
      ingress("app", "app.example", [["/api", "Prefix", "api"]], { defaultBackend }),
    ];
    expect(servedBy(viewOf(objects), "app.example", "/")).toBe("web");
    expect(servedBy(viewOf(objects), "other.example", "/")).toBe("web");
  });

  it("gives a rule that two Ingresses have to the older one", () => {
    const at = (creationTimestamp: string) => ({ creationTimestamp });
    const objects = [
      ...ready("web"),
      ...ready("api"),
      ingress("a-new", "app.example", [["/", "Prefix", "api"]], {}, at("2026-02-01T00:00:00Z")),
      ingress("b-old", "app.example", [["/", "Prefix", "web"]], {}, at("2026-01-01T00:00:00Z")),
    ];
    expect(servedBy(viewOf(objects), "app.example", "/")).toBe("web");
  });
});

describe("tcpRoutes", () => {
  it("has the high TCP ports of load-balanced Services with ready endpoints", () => {
    const ports = [{ port: 5432 }, { port: 80 }, { port: 5353, protocol: "UDP" }];
    const view = viewOf([
      service("db", { type: "LoadBalancer", ports }),
      slice("db", [["db-0", true]]),
      service("db-copy", { type: "LoadBalancer", ports: [{ port: 5432 }, { port: 5433 }] }),
      slice("db-copy", [["db-copy-0", true]]),
      service("inner", { type: "ClusterIP", ports: [{ port: 6000 }] }),
      slice("inner", [["inner-0", true]]),
      service("down", { type: "LoadBalancer", ports: [{ port: 7000 }] }),
      slice("down", [["down-0", false]]),
    ]);
    expect([...tcpRoutes(view)].map(([port, { service, pods }]) => [port, service, ...pods])).toEqual([
      [5432, "db", "db-0"],
      [5433, "db-copy", "db-copy-0"],
    ]);
  });
});

describe("certificateFor", () => {
  const tls = (...list: [host: string, secretName: string][]) => ({
    tls: list.map(([host, secretName]) => ({ hosts: [host], secretName })),
  });
  const view = viewOf([
    ingress("app", "app.example", [], tls(["*.example", "wild"], ["app.example", "own"], ["half.example", "missing"])),
    tlsSecret("wild", "wild cert", "wild key"),
    tlsSecret("own", "own cert", "own key"),
  ]);
  it.each([
    ["app.example", "own cert"],
    ["APP.example", "own cert"],
    ["other.example", "wild cert"],
    ["half.example", "wild cert"],
    ["a.b.example", undefined],
  ])("%s -> %s", (host, expected) => {
    expect(certificateFor(view, host)?.cert.toString()).toBe(expected);
  });
});
