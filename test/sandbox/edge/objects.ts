import type { KubeObject } from "../../../src/model/objects.js";
import { type ClusterView, emptyView, keyOf } from "../../../src/sandbox/edge/cluster-view.js";

/** Short makers of the objects that an edge reads. All namespaced ones are in `shop`. */
function make(apiVersion: string, kind: string, name: string, rest: object, metadata: object = {}): KubeObject {
  return { apiVersion, kind, metadata: { name, namespace: "shop", ...metadata }, ...rest };
}

type Path = [path: string, pathType: string | undefined, service: string];

export function ingress(name: string, host: string | undefined, paths: Path[], spec: object = {}, metadata = {}) {
  const rules = paths.map(([path, pathType, service]) => ({
    path,
    ...(pathType ? { pathType } : {}),
    backend: { service: { name: service, port: { number: 80 } } },
  }));
  const rule = { ...(host ? { host } : {}), http: { paths: rules } };
  return make("networking.k8s.io/v1", "Ingress", name, { spec: { rules: [rule], ...spec } }, metadata);
}

export function service(name: string, spec: object = {}) {
  return make("v1", "Service", name, { spec: { ports: [{ name: "http", port: 80 }], ...spec } });
}

export function slice(serviceName: string, pods: [pod: string, ready: boolean | undefined][]) {
  const endpoints = pods.map(([name, ready], index) => ({
    addresses: [`10.0.0.${index}`],
    conditions: ready === undefined ? {} : { ready },
    targetRef: { kind: "Pod", name },
  }));
  const labels = { "kubernetes.io/service-name": serviceName };
  return make("discovery.k8s.io/v1", "EndpointSlice", `${serviceName}-abc`, { endpoints }, { labels });
}

export function tlsSecret(name: string, cert: string, key: string) {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const data = { "tls.crt": base64(cert), "tls.key": base64(key) };
  return make("v1", "Secret", name, { type: "kubernetes.io/tls", data });
}

export function node(name: string, instanceId: string) {
  return make(
    "v1",
    "Node",
    name,
    { spec: { providerID: `aws:///eu-central-1a/${instanceId}` } },
    { namespace: undefined },
  );
}

export function syslogPod(name: string, nodeName: string, ready = true, ports: object[] = BOTH_PROTOCOLS) {
  const status = { conditions: [{ type: "Ready", status: ready ? "True" : "False" }] };
  return make("v1", "Pod", name, { spec: { nodeName, containers: [{ ports }] }, status });
}

const BOTH_PROTOCOLS = [
  { containerPort: 514, hostPort: 514, protocol: "UDP" },
  { containerPort: 514, hostPort: 514, protocol: "TCP" },
];

const COLLECTION: Record<string, keyof ClusterView> = {
  Ingress: "ingresses",
  Service: "services",
  EndpointSlice: "endpoints",
  Endpoints: "endpoints",
  Pod: "pods",
  Node: "nodes",
  Secret: "secrets",
};

export function viewOf(objects: KubeObject[]): ClusterView {
  const view = emptyView();
  for (const object of objects) {
    const name = COLLECTION[object.kind] ?? "pods";
    view[name] = new Map([...view[name], [keyOf(object), object]]);
  }
  return view;
}
