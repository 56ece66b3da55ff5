import { isObject } from "../../src/model/json.js";
import type { Migrated } from "../../src/model/migration.js";
import type { JsonObject, KubeObject } from "../../src/model/objects.js";
import { atVersion, isAbsent, present } from "./json.js";

/**
 * An Ingress of extensions/v1beta1 or networking.k8s.io/v1beta1, which have the same fields, as networking.k8s.io/v1.
 * v1 requires a pathType; the old versions' default is pinned.
 */
export function migrateIngress(object: KubeObject): Migrated {
  const migrated = atVersion(object, "networking.k8s.io/v1");
  if (isObject(migrated.spec)) migrated.spec = migrateSpec(migrated.spec);
  return { result: "objects", objects: [migrated] };
}

function migrateSpec({ backend, ...spec }: JsonObject): JsonObject {
  if (isObject(backend)) spec.defaultBackend = migrateBackend(backend);
  if (Array.isArray(spec.rules)) spec.rules = spec.rules.map(migrateRule);
  return spec;
}

function migrateRule(rule: unknown): unknown {
  if (!isObject(rule) || !isObject(rule.http) || !Array.isArray(rule.http.paths)) return rule;
  return { ...rule, http: { ...rule.http, paths: rule.http.paths.map(migratePath) } };
}

function migratePath(path: unknown): unknown {
  if (!isObject(path)) return path;
  const backend = isObject(path.backend) ? { backend: migrateBackend(path.backend) } : {};
  return { ...path, pathType: path.pathType ?? "ImplementationSpecific", ...backend };
}

function migrateBackend({ serviceName, servicePort, ...backend }: JsonObject): JsonObject {
  // The old versions show a port of 0 where there is no service but a resource.
  if (!serviceName && (isAbsent(servicePort) || servicePort === 0)) return backend;
  // A port is a number or a name; a text of digits can only be meant as a number, as port names need a letter.
  const number = /^\d+$/.test(String(servicePort)) ? Number(servicePort) : undefined;
  const port = number === undefined ? present({ name: servicePort }) : number === 0 ? {} : { number };
  return { ...backend, service: present({ name: serviceName, port }) };
}
