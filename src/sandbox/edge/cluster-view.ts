import { setMaxListeners } from "node:events";
import type { KubeObject } from "../../model/objects.js";
import type { KubeFetch } from "./kube-fetch.js";
import { type Collection, listAndWatch, type Sink } from "./list-watch.js";

/** Objects by `namespace/name`, or by name. */
export type Objects = ReadonlyMap<string, KubeObject>;

/** What an edge knows of its cluster: what the cluster's own API says, and nothing else. */
export interface ClusterView {
  ingresses: Objects;
  services: Objects;
  /** EndpointSlices, or Endpoints where the server is older than these. */
  endpoints: Objects;
  pods: Objects;
  nodes: Objects;
  /** Of type kubernetes.io/tls. */
  secrets: Objects;
}

const COLLECTIONS: Record<keyof ClusterView, Collection> = {
  ingresses: {
    paths: [
      "/apis/networking.k8s.io/v1/ingresses",
      "/apis/networking.k8s.io/v1beta1/ingresses",
      "/apis/extensions/v1beta1/ingresses",
    ],
  },
  services: { paths: ["/api/v1/services"] },
  endpoints: {
    paths: [
      "/apis/discovery.k8s.io/v1/endpointslices",
      "/apis/discovery.k8s.io/v1beta1/endpointslices",
      "/api/v1/endpoints",
    ],
  },
  pods: { paths: ["/api/v1/pods"] },
  nodes: { paths: ["/api/v1/nodes"] },
  secrets: { paths: ["/api/v1/secrets"], fieldSelector: "type=kubernetes.io/tls" },
};

export interface LiveView {
  view: ClusterView;
  /** Every collection has been listed once. */
  synced(): boolean;
  /** Why the latest request that failed did, until one succeeds. */
  problem(): string | undefined;
  /** Calls back after changes; many at once give one call. */
  onChange(listener: () => void): void;
  close(): Promise<void>;
}

/** A view that follows a cluster by list and watch until it's closed. */
export function followCluster(fetch: KubeFetch): LiveView {
  const closing = new AbortController();
  // Each collection has a request and a wait on it. Not 0 for "any number": Node 20's getMaxListeners throws at that.
  setMaxListeners(64, closing.signal);
  const listeners: (() => void)[] = [];
  const missing = new Set(Object.keys(COLLECTIONS));
  let toldSoon = false;
  const changed = (): void => {
    if (toldSoon) return;
    toldSoon = true;
    setImmediate(() => {
      toldSoon = false;
      for (const listener of listeners) listener();
    });
  };
  const view = emptyView();
  let problem: string | undefined;
  const followed = (Object.keys(COLLECTIONS) as (keyof ClusterView)[]).map((name) => {
    const objects = new Map<string, KubeObject>();
    view[name] = objects;
    const sink: Sink = {
      replace: (all) => {
        objects.clear();
        for (const object of all) objects.set(keyOf(object), object);
        missing.delete(name);
        problem = undefined;
        changed();
      },
      put: (object) => {
        objects.set(keyOf(object), object);
        changed();
      },
      remove: (object) => {
        objects.delete(keyOf(object));
        changed();
      },
      failed: (error) => {
        problem = error instanceof Error ? error.message : String(error);
      },
    };
    return listAndWatch(fetch, COLLECTIONS[name], sink, closing.signal);
  });
  return {
    view,
    synced: () => missing.size === 0,
    problem: () => problem,
    onChange: (listener) => void listeners.push(listener),
    close: async () => {
      closing.abort();
      await Promise.all(followed);
    },
  };
}

export function emptyView(): ClusterView {
  const none = (): Objects => new Map();
  return { ingresses: none(), services: none(), endpoints: none(), pods: none(), nodes: none(), secrets: none() };
}

export function keyOf({ metadata }: KubeObject): string {
  return metadata.namespace ? `${metadata.namespace}/${metadata.name}` : metadata.name;
}
