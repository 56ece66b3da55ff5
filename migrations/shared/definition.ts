import { isObject } from "../../src/model/json.js";
import type { Remark } from "../../src/model/migration.js";
import type { JsonObject, KubeObject } from "../../src/model/objects.js";
import { anything, structural } from "./structural-schema.js";

const APPROVAL = "api-approved.kubernetes.io";

/**
 * A CustomResourceDefinition in v1 with what v1 shows, but no longer takes: `preserveUnknownFields: true`, a version without
 * a schema, a schema that isn't structural, and one of Kubernetes's own groups without its approval. Such a one was
 * written as v1beta1. All objects that were valid stay so, and none loses a field.
 */
export function settleDefinition(object: KubeObject): { result: "objects"; objects: KubeObject[]; remarks?: Remark[] } {
  if (!isObject(object.spec)) return { result: "objects", objects: [object] };
  const spec = { ...object.spec };
  const keepsUnknown = spec.preserveUnknownFields === true;
  if (keepsUnknown) delete spec.preserveUnknownFields;
  const settled: KubeObject = { ...object, spec };
  const loosened = new Set<string>();
  const schemaless: string[] = [];
  if (Array.isArray(spec.versions)) {
    spec.versions = spec.versions.map((version: unknown) => {
      if (!isObject(version)) return version;
      const schema = isObject(version.schema) ? version.schema.openAPIV3Schema : undefined;
      if (!isObject(schema)) {
        schemaless.push(String(version.name));
        return { ...version, schema: { openAPIV3Schema: { type: "object", ...anything() } } };
      }
      if (!keepsUnknown) return version;
      const { schema: openAPIV3Schema, loosened: places } = structural(schema);
      for (const place of places) loosened.add(place);
      return { ...version, schema: { ...(version.schema as JsonObject), openAPIV3Schema } };
    });
  }
  const remarks: Remark[] = [];
  if (schemaless.length > 0) remarks.push(noSchema(schemaless));
  if (loosened.size > 0) remarks.push(schemaLoosened([...loosened]));
  if (keepsUnknown && schemaless.length === 0) remarks.push(unknownFieldsKept);
  if (isProtected(spec.group) && object.metadata.annotations?.[APPROVAL] === undefined) {
    const annotations = { ...object.metadata.annotations, [APPROVAL]: "unapproved, was written as v1beta1" };
    settled.metadata = { ...object.metadata, annotations };
    remarks.push(unapproved);
  }
  return { result: "objects", objects: [settled], ...(remarks.length > 0 && { remarks }) };
}

/** Groups of Kubernetes's own, in which v1 asks who approved a definition. */
function isProtected(group: unknown): boolean {
  return typeof group === "string" && /(^|\.)(k8s|kubernetes)\.io$/.test(group);
}

function noSchema(versions: string[]): Remark {
  return {
    id: "crd-without-schema",
    severity: "warning",
    why:
      `It has no schema for ${versions.join(", ")}, and v1 asks for one. The one written takes any object and keeps every ` +
      "field, as before.",
    whatToDo:
      "Decide what its objects may hold: take a newer definition from who makes it, or write a schema. Until then the API " +
      "server checks nothing, and prunes nothing.",
  };
}

function schemaLoosened(places: string[]): Remark {
  return {
    id: "crd-schema-loosened",
    severity: "warning",
    why: `v1 asks for a structural schema; what it doesn't take was left out, so more objects are valid than before: ${places.join("; ")}.`,
    whatToDo:
      "Decide whether these checks are needed: take a newer definition from who makes it, or write them in a structural way.",
  };
}

const unknownFieldsKept: Remark = {
  id: "crd-keeps-unknown-fields",
  severity: "note",
  why:
    "Blue keeps fields of its objects that its schema doesn't know (preserveUnknownFields: true). v1 says so in the schema, by " +
    "x-kubernetes-preserve-unknown-fields at each object in it.",
  whatToDo:
    "Nothing. Once its schema is known to be whole, take that out, and the API server prunes what nobody defined.",
};

const unapproved: Remark = {
  id: "crd-group-unapproved",
  severity: "note",
  why: `Its group belongs to Kubernetes, and v1 asks there for the annotation ${APPROVAL}. It got the value unapproved, which v1 takes.`,
  whatToDo: "Take a newer definition from who makes it, if there is one.",
};
