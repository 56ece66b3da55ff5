import { isObject } from "../../../src/model/json.js";
import type { JsonObject, KubeObject } from "../../../src/model/objects.js";

/**
 * What migrations give deliberately otherwise than an API server's own conversion, made equal on both sides. Each may change
 * what it is given.
 */

/** An order that was given to blue isn't repeated on green. */
export function noRollback(object: KubeObject): KubeObject {
  delete object.metadata.annotations?.["deprecated.deployment.rollback.to"];
  return object;
}

/** The server shows what it would refuse: side effects that v1 doesn't take, and a name twice. */
export function webhooks(object: KubeObject): KubeObject {
  for (const webhook of Array.isArray(object.webhooks) ? object.webhooks : []) {
    if (webhook.sideEffects === "Unknown" || webhook.sideEffects === "Some") webhook.sideEffects = "NoneOnDryRun";
    webhook.name = webhook.name.replace(/-\d+\./, ".");
  }
  return object;
}

/**
 * The server shows what it would refuse: preserveUnknownFields, no schema, a schema that isn't structural, a group without
 * approval. That we make of these what it takes, the dry run shows; what we make of a structural one must be what it was,
 * but for the flags.
 */
export function definition(object: KubeObject): KubeObject {
  const { annotations = {} } = object.metadata;
  delete annotations["api-approved.kubernetes.io"];
  const spec = object.spec as JsonObject & { versions: JsonObject[] };
  if (annotations.unknown === "pruned") return object;
  delete spec.preserveUnknownFields;
  for (const version of spec.versions) {
    if (annotations.schema === "structural") version.schema = withoutFlags(version.schema);
    else delete version.schema;
  }
  return object;
}

function withoutFlags(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutFlags);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([field]) => field !== "x-kubernetes-preserve-unknown-fields");
  return Object.fromEntries(kept.map(([field, each]) => [field, withoutFlags(each)]));
}

/**
 * The server's conversion leaves a host name that stands alone in deprecatedTopology, and then ignores that in writes, so
 * the node's name would be lost: we make it nodeName.
 */
export function topologyAsWritten(object: KubeObject): KubeObject {
  const endpoints = Array.isArray(object.endpoints) ? object.endpoints : [];
  return {
    ...object,
    endpoints: endpoints.map(({ deprecatedTopology, ...endpoint }: JsonObject) => {
      const hostname = isObject(deprecatedTopology) ? deprecatedTopology["kubernetes.io/hostname"] : undefined;
      const isName = typeof hostname === "string" && hostname !== "Not_A_Node";
      return isName ? { nodeName: hostname, ...endpoint } : endpoint;
    }),
  };
}

/** The server shows the deprecated fields of an Event also where they are empty. */
export function withoutEmptyDeprecated(object: KubeObject): KubeObject {
  const empty = { deprecatedFirstTimestamp: null, deprecatedLastTimestamp: null, deprecatedSource: {} };
  for (const [field, value] of Object.entries(empty)) {
    if (field in object && JSON.stringify(object[field]) !== JSON.stringify(value)) throw new Error(`${field} is used`);
  }
  const { deprecatedFirstTimestamp: _f, deprecatedLastTimestamp: _l, deprecatedSource: _s, ...rest } = object;
  return rest;
}
