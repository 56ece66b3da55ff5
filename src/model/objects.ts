/**
 * Kubernetes objects as the API gives them: raw JSON, never typed models, because a typed model drops the fields that it
 * doesn't know.
 */
export type JsonObject = { [field: string]: unknown };

/** `metadata.ownerReferences[]`. */
export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

/** The parts of `metadata` that clustershift itself reads; all others pass through untouched. */
export interface ObjectMeta {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  finalizers?: string[];
  managedFields?: unknown[];
  [field: string]: unknown;
}

export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

/** One resource of one version, as a server's discovery lists it. Core resources have the group `""`. */
export interface ApiResource {
  group: string;
  version: string;
  kind: string;
  /** The plural in URLs, e.g. `deployments`. */
  resource: string;
  namespaced: boolean;
  verbs: string[];
  /** Names of the subresources served beside it, e.g. `status`, `scale`. */
  subresources: string[];
}

/** A kind regardless of its version. */
export interface GroupKind {
  group: string;
  kind: string;
}

/** Which object, in which cluster-independent terms. */
export interface ObjectRef extends GroupKind {
  /** Absent for cluster-scoped objects. */
  namespace?: string;
  name: string;
}

/** The group of an apiVersion: `apps/v1` -> `apps`, `v1` -> `""`. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}

/** The version of an apiVersion: `apps/v1` -> `v1`, `v1` -> `v1`. */
export function versionOf(apiVersion: string): string {
  return apiVersion.slice(apiVersion.indexOf("/") + 1);
}

/** The apiVersion of a group and version: (`apps`, `v1`) -> `apps/v1`, (`""`, `v1`) -> `v1`. */
export function apiVersionOf(group: string, version: string): string {
  return group === "" ? version : `${group}/${version}`;
}

/** `Deployment.apps`, or `Pod` for the core group: how kinds are named in files and tables. */
export function kindKey({ group, kind }: GroupKind): string {
  return group === "" ? kind : `${kind}.${group}`;
}

export function refOf(object: KubeObject): ObjectRef {
  const { namespace, name } = object.metadata;
  const ref: ObjectRef = { group: groupOf(object.apiVersion), kind: object.kind, name };
  if (namespace) ref.namespace = namespace;
  return ref;
}

/** `Deployment.apps shop/web`, or `Namespace shop`: the one way an object is named to people, and a unique key. */
export function refKey(ref: ObjectRef): string {
  return `${kindKey(ref)} ${ref.namespace ? `${ref.namespace}/` : ""}${ref.name}`;
}
