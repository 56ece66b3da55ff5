import type { KubeObject } from "../../model/objects.js";

/** A rule of an Ingress, the same for every version of its API. */
export interface IngressPath {
  namespace: string;
  /** `""` takes every host; `*.acme.example` one label before it. */
  host: string;
  path: string;
  type: "Exact" | "Prefix" | "ImplementationSpecific";
  /** The path is a regular expression (a mode of ingress-nginx). */
  regex: boolean;
  backend: Backend;
}

export interface Backend {
  service: string;
  /** A port's number or name. */
  port: number | string;
}

interface BackendV1 {
  service?: { name: string; port?: { number?: number; name?: string } };
  /** v1beta1 */
  serviceName?: string;
  servicePort?: number | string;
}

interface Ingress extends KubeObject {
  spec?: {
    defaultBackend?: BackendV1;
    /** v1beta1 */
    backend?: BackendV1;
    rules?: { host?: string; http?: { paths: { path?: string; pathType?: string; backend: BackendV1 }[] } }[];
    tls?: { hosts?: string[]; secretName?: string }[];
  };
}

/** The rules of an Ingress. Backends that are no Service (resources) give none: nothing here could serve them. */
export function pathsOf(ingress: Ingress): IngressPath[] {
  const { namespace = "default", annotations = {} } = ingress.metadata;
  const regex = annotations["nginx.ingress.kubernetes.io/use-regex"] === "true";
  return (ingress.spec?.rules ?? []).flatMap(({ host = "", http }) =>
    (http?.paths ?? []).flatMap(({ path = "/", pathType, backend }) => {
      const type = pathType === "Exact" || pathType === "Prefix" ? pathType : "ImplementationSpecific";
      const to = backendOf(backend);
      return to ? [{ namespace, host: host.toLowerCase(), path: path || "/", type, regex, backend: to }] : [];
    }),
  );
}

export function defaultBackendOf({ spec }: Ingress): Backend | undefined {
  return backendOf(spec?.defaultBackend ?? spec?.backend);
}

/** Which Secret has the certificate for a host. */
export function tlsOf({ metadata, spec }: Ingress): { namespace: string; hosts: string[]; secretName: string }[] {
  const { namespace = "default" } = metadata;
  return (spec?.tls ?? []).flatMap(({ hosts = [], secretName }) =>
    secretName ? [{ namespace, hosts: hosts.map((host) => host.toLowerCase()), secretName }] : [],
  );
}

/** How well a host of a rule fits one that was asked for; 0 where it doesn't. */
export function hostMatch(rule: string, host: string): number {
  if (rule === host) return 3;
  if (rule.startsWith("*.")) return host.slice(host.indexOf(".")) === rule.slice(1) ? 2 : 0;
  return rule === "" ? 1 : 0;
}

/**
 * https://kubernetes.io/docs/concepts/services-networking/ingress/#path-types
 * ImplementationSpecific, which all of v1beta1's paths without a type are, is as in ingress-nginx: any text that begins so.
 */
export function pathMatches({ path, type, regex }: IngressPath, asked: string): boolean {
  switch (type) {
    case "Exact":
      return asked === path;
    case "Prefix": {
      const prefix = path.replace(/\/+$/, "");
      return asked === prefix || asked.startsWith(`${prefix}/`);
    }
    case "ImplementationSpecific":
      return regex ? beginsWith(path, asked) : asked.startsWith(path);
  }
}

function beginsWith(pattern: string, asked: string): boolean {
  try {
    return new RegExp(`^${pattern}`, "i").test(asked);
  } catch {
    return false;
  }
}

function backendOf(backend: BackendV1 | undefined): Backend | undefined {
  if (backend?.service) {
    const { name, port } = backend.service;
    return { service: name, port: port?.number ?? port?.name ?? 0 };
  }
  if (!backend?.serviceName) return undefined;
  return { service: backend.serviceName, port: backend.servicePort ?? 0 };
}
