import type { ApiResource, JsonObject, KubeObject } from "../model/objects.js";

/** What an API server says it is. */
export interface ServerInfo {
  /** `v1.24.17` */
  version: string;
  /** UID of the kube-system namespace: stays the same for the life of a cluster, and no two share it. */
  clusterId: string;
}

export interface ListOptions {
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
  /** Objects a page; the server may give fewer. */
  pageSize?: number;
  signal?: AbortSignal;
}

export interface ListPage {
  items: KubeObject[];
  /** Of the list as a whole: where a watch starts. */
  resourceVersion: string;
}

export type WatchEvent =
  | { type: "ADDED" | "MODIFIED" | "DELETED"; object: KubeObject }
  | { type: "BOOKMARK"; resourceVersion: string };

/**
 * Reading a cluster: get, list and watch, and nothing else. Blue is only ever handed out as this, so that code which
 * could write to it doesn't compile. Every method throws `KubeError` for an answer that is no success, and `UserError`
 * `cluster-unreachable` where there is no answer, or none that these credentials may have.
 */
export interface KubeReader {
  /** Kubeconfig context, for messages. */
  readonly name: string;
  /** `https://127.0.0.1:6443` */
  readonly server: string;
  info(): Promise<ServerInfo>;
  /** Every resource in every version served; a group whose aggregated server is down is in `broken`. */
  discover(): Promise<{ resources: ApiResource[]; broken: { groupVersion: string; reason: string }[] }>;
  /** One object, or undefined where there is none. */
  get(resource: ApiResource, name: string, namespace?: string): Promise<KubeObject | undefined>;
  /** Pages of one resource; a 410 in the middle starts the list again and says so by `restarted`. */
  pages(resource: ApiResource, options?: ListOptions): AsyncIterable<ListPage & { restarted?: boolean }>;
  /** Changes from a resourceVersion on, until the signal; ends with a KubeError of status 410 when it is too old. */
  watch(resource: ApiResource, from: string, options?: ListOptions): AsyncIterable<WatchEvent>;
  close(): Promise<void>;
}

export interface WriteOptions {
  namespace?: string;
  dryRun?: boolean;
  /** Field manager recorded by the server. */
  fieldManager?: string;
  signal?: AbortSignal;
}

export type PatchType = "merge" | "json" | "strategic";

/** Writing a cluster: green, or a throw-away control plane. */
export interface KubeWriter extends KubeReader {
  create(resource: ApiResource, object: KubeObject, options?: WriteOptions): Promise<KubeObject>;
  /** Server-side apply; `force` takes fields from other managers. */
  apply(resource: ApiResource, object: KubeObject, options: WriteOptions & { force?: boolean }): Promise<KubeObject>;
  patch(
    resource: ApiResource,
    name: string,
    patch: JsonObject | JsonObject[],
    options: WriteOptions & { type: PatchType; subresource?: string },
  ): Promise<KubeObject>;
  replace(
    resource: ApiResource,
    object: KubeObject,
    options?: WriteOptions & { subresource?: string },
  ): Promise<KubeObject>;
  /** True where there was one to delete. */
  delete(resource: ApiResource, name: string, namespace?: string): Promise<boolean>;
}

/**
 * Blue for the hand-over of exclusive workloads: the one exception to its being read only. Two things can be written, and
 * whatever else is asked of it is refused before it is sent: the field that stops a workload (src/model/exclusive.ts), and who
 * is said to have set it.
 */
export interface KubeHandOver extends Pick<KubeReader, "name" | "server" | "info" | "get" | "close"> {
  /** A merge patch of an object that was looked at; KubeError 409 where its resourceVersion isn't the latest any more. */
  patch(
    resource: ApiResource,
    name: string,
    patch: JsonObject,
    options: WriteOptions & { type: "merge" },
  ): Promise<KubeObject>;
  /** Whether these credentials may read and patch it, by the server's own word. Undefined where they may, else what they lack. */
  lacks(resource: ApiResource, name: string, namespace?: string): Promise<string | undefined>;
}

/** An answer of an API server that is no success: its `Status` object, in its own words. */
export class KubeError extends Error {
  /** HTTP status. */
  readonly status: number;
  /** `AlreadyExists`, `Conflict`, `Invalid`, `Forbidden`, …: `Status.reason`. */
  readonly reason: string;
  readonly details: JsonObject;

  constructor(status: number, reason: string, message: string, details: JsonObject = {}) {
    super(message);
    this.name = "KubeError";
    this.status = status;
    this.reason = reason;
    this.details = details;
  }
}
