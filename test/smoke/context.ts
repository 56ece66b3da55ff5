import type { KubeReader, ListOptions } from "../../src/kube/api.js";
import type { Clock } from "../../src/model/clock.js";
import type { ApiResource, KubeObject } from "../../src/model/objects.js";
import type { SmokeContext } from "../../src/smoke/context.js";

const realClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
};

/** Everything of green on loopback. */
export function smokeContext(more: Partial<SmokeContext> = {}): SmokeContext {
  return {
    addresses: { ingress: "127.0.0.1" },
    nodes: {},
    green: clusterOf(() => []),
    timeoutMs: 400,
    clock: realClock,
    ...more,
  };
}

/** A cluster that holds these objects; only lists are answered. */
export function clusterOf(objects: () => readonly KubeObject[]): KubeReader {
  const unused = () => Promise.reject(new Error("not asked in these tests"));
  return {
    name: "green",
    server: "https://127.0.0.1:6443",
    info: unused,
    discover: unused,
    get: unused,
    close: async () => {},
    watch: () => {
      throw new Error("not asked in these tests");
    },
    async *pages(resource: ApiResource, { namespace, labelSelector }: ListOptions = {}) {
      const [key, value] = labelSelector?.split("=") ?? [];
      const items = objects().filter(
        ({ kind, metadata }) =>
          kind === resource.kind &&
          (namespace === undefined || metadata.namespace === namespace) &&
          (key === undefined || metadata.labels?.[key] === value),
      );
      yield { items, resourceVersion: "1" };
    },
  };
}
