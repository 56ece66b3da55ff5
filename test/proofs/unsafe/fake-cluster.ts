import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { aboutItself, openKubeconfig } from "../../harness/fake-api.js";

/** What a cluster shows at one look. */
export interface Showing {
  clusterId: string;
  /** Whether each node is Ready. */
  nodes: boolean[];
  /** Available replicas of its one system workload, which wants two. */
  available: number;
  /** Its API answers with an error. */
  down: boolean;
  /** Where it has one. */
  externalDns?: { args: string[]; replicas: number };
}

/** A cluster that answers what a cutover reads, and no more. */
export interface FakeCluster {
  /** From the nth look on, counted from 0; later entries win. Empty: it is well all the time. */
  moods: { from: number; showing: Partial<Showing> }[];
  /** Requests that would have changed something. */
  writes: string[];
  kubeconfig: string;
  /** As it was in the beginning. */
  reset(): void;
  close(): void;
}

/** Each look at a cluster ends with its DaemonSets. */
const endsLook = "/apis/apps/v1/namespaces/kube-system/daemonsets";

export async function fakeCluster(clusterId: string, version: string): Promise<FakeCluster> {
  let looks = 0;
  const showing = (): Showing => {
    const moods = cluster.moods.filter(({ from }) => from <= looks).map((mood) => mood.showing);
    return Object.assign({ clusterId, nodes: [true, true, true], available: 2, down: false }, ...moods) as Showing;
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://fake");
    if (request.method !== "GET") cluster.writes.push(`${request.method} ${pathname}`);
    const now = showing();
    if (pathname === endsLook) looks++;
    const body = now.down ? undefined : answer(pathname, now, version);
    response.writeHead(body === undefined ? 403 : 200, { "content-type": "application/json" });
    const refused = {
      kind: "Status",
      apiVersion: "v1",
      status: "Failure",
      reason: "Forbidden",
      message: "not now",
      code: 403,
    };
    response.end(JSON.stringify(body ?? refused));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const cluster: FakeCluster = {
    moods: [],
    writes: [],
    kubeconfig: openKubeconfig("fake", `http://127.0.0.1:${port}`),
    reset() {
      looks = 0;
      cluster.moods = [];
      cluster.writes = [];
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return cluster;
}

function answer(
  path: string,
  { clusterId, nodes, available, externalDns }: Showing,
  version: string,
): object | undefined {
  const list = (kind: string, items: object[]) => ({
    kind: `${kind}List`,
    apiVersion: "v1",
    metadata: { resourceVersion: "1" },
    items,
  });
  switch (path) {
    case "/api/v1/nodes":
      return list(
        "Node",
        nodes.map((ready, index) => ({
          metadata: { name: `n${index}`, uid: `n${index}`, labels: {} },
          status: { conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
        })),
      );
    case "/apis/apps/v1/namespaces/kube-system/deployments":
      return list("Deployment", [
        {
          metadata: { name: "coredns", namespace: "kube-system", uid: "d", generation: 1 },
          spec: { replicas: 2 },
          status: {
            observedGeneration: 1,
            replicas: 2,
            readyReplicas: available,
            updatedReplicas: 2,
            availableReplicas: available,
          },
        },
      ]);
    case "/apis/apps/v1/namespaces/kube-system/statefulsets":
    case endsLook:
      return list("Any", []);
    case "/apis/apps/v1/deployments":
      return list("Deployment", externalDns ? [externalDnsOf(externalDns)] : []);
    case "/apis/apps/v1/statefulsets":
    case "/apis/apps/v1/replicasets":
    case "/api/v1/replicationcontrollers":
      return list("Any", []);
    default:
      return aboutItself(path, { version, clusterId, resources: [node] });
  }
}

const node = { resource: "nodes", kind: "Node", namespaced: false, verbs: ["get", "list", "watch"] };

function externalDnsOf({ args, replicas }: { args: string[]; replicas: number }): object {
  const containers = [{ name: "external-dns", image: "registry.k8s.io/external-dns/external-dns:v0.15.0", args }];
  return {
    metadata: { name: "external-dns", namespace: "dns", uid: "e" },
    spec: { replicas, template: { spec: { containers } } },
  };
}
