import { describe, expect, it } from "vitest";
import { resourcesOf } from "../../src/kube/discovery.js";
import { readableResources } from "../../src/kube/resources.js";
import { type ApiResource, kindKey } from "../../src/model/objects.js";
import { connectTo, fakeServer } from "./fake-server.js";

function resource(group: string, version: string, kind: string, verbs = ["get", "list"]): ApiResource {
  return { group, version, kind, resource: `${kind.toLowerCase()}s`, namespaced: true, verbs, subresources: [] };
}

const first = (candidates: ApiResource[]): ApiResource => candidates[0] as ApiResource;
const keys = (resources: ApiResource[]): string[] =>
  readableResources(resources, first).map((chosen) => `${kindKey(chosen)} ${chosen.version}`);

describe("what is read", () => {
  it("is each kind once, in the preferred version, in one order", () => {
    const resources = [resource("policy", "v1beta1", "B"), resource("policy", "v1", "B"), resource("", "v1", "A")];
    const offered: string[][] = [];
    const chosen = readableResources(resources, (candidates) => {
      offered.push(candidates.map(({ version }) => version));
      return candidates.at(-1) as ApiResource;
    });
    expect(offered).toEqual([["v1beta1", "v1"], ["v1"]]);
    expect(chosen.map(({ kind, version }) => `${kind} ${version}`)).toEqual(["A v1", "B v1"]);
    expect(keys([...resources].reverse())).toEqual(["A v1", "B.policy v1"]);
  });

  it("is nothing that can't be read or that nobody stored", () => {
    const refused = [
      resource("", "v1", "Binding", ["create"]),
      resource("", "v1", "ComponentStatus"),
      resource("authorization.k8s.io", "v1", "SubjectAccessReview"),
      resource("metrics.k8s.io", "v1beta1", "PodMetrics"),
      resource("custom.metrics.k8s.io", "v1beta1", "Anything"),
      resource("acme.example", "v1", "WriteOnly", ["list"]),
    ];
    expect(keys(refused)).toEqual([]);
    expect(keys([resource("acme-metrics.k8s.io.example", "v1", "Kept")])).toHaveLength(1);
  });

  it.each([
    ["Event", "events.k8s.io", ""],
    ["Deployment", "extensions", "apps"],
    ["DaemonSet", "extensions", "apps"],
    ["ReplicaSet", "extensions", "apps"],
    ["Ingress", "extensions", "networking.k8s.io"],
    ["NetworkPolicy", "extensions", "networking.k8s.io"],
    ["PodSecurityPolicy", "extensions", "policy"],
  ])("is one %s where %s serves the same objects as '%s', but either alone", (kind, alias, home) => {
    const both = [resource(alias, "v1beta1", kind), resource(home, "v1", kind)];
    expect(readableResources(both, first)).toEqual([both[1]]);
    expect(readableResources(both.slice(0, 1), first)).toEqual(both.slice(0, 1));
  });
});

describe("discovery", () => {
  it("folds subresources into their resource, in whatever order they come", () => {
    const list = {
      resources: [
        { name: "pods/status", kind: "Pod", namespaced: true, verbs: ["get"] },
        { name: "pods", kind: "Pod", namespaced: true, verbs: ["get", "list"] },
        {
          name: "pods/eviction",
          kind: "Eviction",
          group: "policy",
          version: "v1",
          namespaced: true,
          verbs: ["create"],
        },
        { name: "nodes", kind: "Node", namespaced: false, verbs: ["get"] },
      ],
    };
    const pods = { group: "", version: "v1", kind: "Pod", resource: "pods", namespaced: true, verbs: ["get", "list"] };
    expect(resourcesOf("v1", list)).toEqual([
      { ...pods, subresources: ["status", "eviction"] },
      {
        group: "",
        version: "v1",
        kind: "Node",
        resource: "nodes",
        namespaced: false,
        verbs: ["get"],
        subresources: [],
      },
    ]);
  });

  it("names a group whose aggregated server is down, and lists the others", async () => {
    const answers: Record<string, object> = {
      "/api": { versions: ["v1"] },
      "/apis": {
        groups: [
          { versions: [{ groupVersion: "metrics.k8s.io/v1beta1" }] },
          { versions: [{ groupVersion: "apps/v1" }, { groupVersion: "apps/v1beta2" }] },
        ],
      },
      "/api/v1": { resources: [{ name: "pods", kind: "Pod", namespaced: true, verbs: [] }] },
      "/apis/apps/v1": { resources: [{ name: "deployments", kind: "Deployment", namespaced: true, verbs: [] }] },
      "/apis/apps/v1beta2": { resources: [] },
    };
    const server = await fakeServer({
      handle: (request, response) => {
        const body = answers[request.url ?? ""];
        response.writeHead(body ? 200 : 503).end(body ? JSON.stringify(body) : "service unavailable");
      },
    });
    const { resources, broken } = await (await connectTo(server.url)).discover();
    expect(resources.map(kindKey)).toEqual(["Pod", "Deployment.apps"]);
    expect(broken).toEqual([{ groupVersion: "metrics.k8s.io/v1beta1", reason: "503: service unavailable" }]);
  });
});
