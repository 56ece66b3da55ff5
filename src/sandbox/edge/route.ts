import type { KubeObject } from "../../model/objects.js";
import type { ClusterView } from "./cluster-view.js";
import { readyEndpoints } from "./endpoints.js";
import { type Backend, defaultBackendOf, hostMatch, type IngressPath, pathMatches, pathsOf, tlsOf } from "./ingress.js";

/** Where a request goes, and why it doesn't. */
export type Route =
  | { status: 200; namespace: string; service: string /** Never empty. */; pods: string[] }
  | { status: 404; reason: string }
  | { status: 503; reason: string };

interface Service extends KubeObject {
  spec?: { type?: string; ports?: ServicePort[] };
}

interface ServicePort {
  name?: string;
  port: number;
  protocol?: string;
}

/**
 * What the cluster's Ingresses make of a request: the most exact host, in it an Exact path before the longest other one,
 * and the default backend where no rule fits.
 * @param host without a port
 * @param path without a query
 */
export function route(view: ClusterView, host: string, path: string): Route {
  const found = bestPath(view, host.toLowerCase(), path) ?? defaultBackend(view);
  if (!found) return { status: 404, reason: `no Ingress has a rule for ${host}${path}` };
  const { namespace, backend } = found;
  const name = `${namespace}/${backend.service}`;
  const service: Service | undefined = view.services.get(name);
  if (!service) return { status: 503, reason: `Service ${name} doesn't exist` };
  if (!(service.spec?.ports ?? []).some((port) => port.port === backend.port || port.name === backend.port)) {
    return { status: 503, reason: `Service ${name} has no port ${backend.port}` };
  }
  const pods = readyEndpoints(view, namespace, backend.service);
  if (pods.length === 0) return { status: 503, reason: `Service ${name} has no ready endpoints` };
  return { status: 200, namespace, service: backend.service, pods };
}

/** TCP ports from 1024 on of the Services of type LoadBalancer that have ready endpoints. The first Service has a port. */
export function tcpRoutes(view: ClusterView): Map<number, { namespace: string; service: string; pods: string[] }> {
  const routes = new Map<number, { namespace: string; service: string; pods: string[] }>();
  for (const key of [...view.services.keys()].sort()) {
    const service: Service | undefined = view.services.get(key);
    if (service?.spec?.type !== "LoadBalancer") continue;
    const { name, namespace = "default" } = service.metadata;
    const pods = readyEndpoints(view, namespace, name);
    if (pods.length === 0) continue;
    for (const { port, protocol = "TCP" } of service.spec.ports ?? []) {
      if (protocol === "TCP" && port >= 1024 && !routes.has(port)) routes.set(port, { namespace, service: name, pods });
    }
  }
  return routes;
}

/** The certificate for a host: that of the Secret which an Ingress names for it, PEM; undefined where there's none. */
export function certificateFor(view: ClusterView, host: string): { cert: Buffer; key: Buffer } | undefined {
  const named = byAge(view.ingresses.values())
    .flatMap(tlsOf)
    .flatMap(({ namespace, hosts, secretName }) =>
      hosts.map((pattern) => ({ secret: `${namespace}/${secretName}`, fit: hostMatch(pattern, host.toLowerCase()) })),
    )
    .filter(({ fit }) => fit > 0)
    .sort((a, b) => b.fit - a.fit);
  for (const { secret } of named) {
    const data = view.secrets.get(secret)?.data as Record<string, string> | undefined;
    const [cert, key] = [data?.["tls.crt"], data?.["tls.key"]];
    if (cert && key) return { cert: Buffer.from(cert, "base64"), key: Buffer.from(key, "base64") };
  }
  return undefined;
}

function bestPath(view: ClusterView, host: string, path: string): IngressPath | undefined {
  const all = byAge(view.ingresses.values()).flatMap(pathsOf);
  const fit = Math.max(0, ...all.map((rule) => hostMatch(rule.host, host)));
  if (fit === 0) return undefined;
  return all
    .filter((rule) => hostMatch(rule.host, host) === fit && pathMatches(rule, path))
    .sort((a, b) => Number(b.type === "Exact") - Number(a.type === "Exact") || b.path.length - a.path.length)[0];
}

function defaultBackend(view: ClusterView): { namespace: string; backend: Backend } | undefined {
  for (const ingress of byAge(view.ingresses.values())) {
    const backend = defaultBackendOf(ingress);
    if (backend) return { namespace: ingress.metadata.namespace ?? "default", backend };
  }
  return undefined;
}

/** Of two Ingresses with the same rule the older one has it, as in ingress-nginx. */
function byAge(ingresses: Iterable<KubeObject>): KubeObject[] {
  const age = ({ metadata }: KubeObject) =>
    `${metadata.creationTimestamp ?? ""} ${metadata.namespace ?? ""}/${metadata.name}`;
  return [...ingresses].sort((a, b) => (age(a) < age(b) ? -1 : 1));
}
