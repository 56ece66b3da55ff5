import { Request } from "undici";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { followCluster, type LiveView } from "../../../src/sandbox/edge/cluster-view.js";
import { eventually } from "../../harness/eventually.js";
import { FakeApi } from "./fake-api.js";
import { ingress, service, slice } from "./objects.js";

let api: FakeApi;
let live: LiveView;

beforeEach(() => {
  api = new FakeApi();
});
afterEach(() => live.close());

const ALL = 6;
const services = () => [...live.view.services.keys()].sort();
const watching = () => eventually("all is watched", () => api.watchers() === ALL);

describe("following a cluster", () => {
  it("lists what there is, then follows each change", async () => {
    api.put(service("one"), ingress("app", "app.example", []), slice("one", []));
    live = followCluster(api.fetch);
    expect(live.synced()).toBe(false);
    await watching();
    expect(live.synced()).toBe(true);
    expect(services()).toEqual(["shop/one"]);
    expect(live.view.ingresses.get("shop/app")).toMatchObject({ apiVersion: "networking.k8s.io/v1", kind: "Ingress" });
    api.put(service("two"), service("one", { type: "LoadBalancer" }));
    await eventually("the change arrives", () => services().length === 2);
    expect(live.view.services.get("shop/one")?.spec).toMatchObject({ type: "LoadBalancer" });
    api.remove(service("one"));
    await eventually("the removal arrives", () => services().length === 1);
  });

  it("reads every page", async () => {
    api.pageSize = 2;
    api.put(...["a", "b", "c", "d", "e"].map((name) => service(name)));
    live = followCluster(api.fetch);
    await eventually("it's synced", live.synced);
    expect(services()).toHaveLength(5);
  });

  it("takes an older version where only that is served", async () => {
    api.unserved.add("/apis/networking.k8s.io/v1/ingresses");
    for (const version of ["v1", "v1beta1"]) api.unserved.add(`/apis/discovery.k8s.io/${version}/endpointslices`);
    api.put({ ...ingress("app", "app.example", []), apiVersion: "networking.k8s.io/v1beta1" });
    live = followCluster(api.fetch);
    await watching();
    expect(live.view.ingresses.get("shop/app")?.apiVersion).toBe("networking.k8s.io/v1beta1");
    expect(api.requests.some((path) => path.startsWith("/api/v1/endpoints?watch=1"))).toBe(true);
  });

  it("watches on from where it was when a watch ends", async () => {
    live = followCluster(api.fetch);
    await watching();
    api.put(service("one"));
    await eventually("the first arrives", () => services().length === 1);
    const lists = () => api.requests.filter((path) => path.startsWith("/api/v1/services?limit")).length;
    const before = lists();
    api.endWatches();
    await watching();
    api.put(service("two"));
    await eventually("the second arrives", () => services().length === 2);
    expect(lists()).toBe(before);
  });

  it.each([
    ["in the stream", () => api.expireWatches()],
    ["as the answer to the next watch", () => api.endWatches()],
  ])("lists again when its version is too old, told %s", async (_, expire) => {
    api.put(service("one"), service("two"));
    live = followCluster(api.fetch);
    await watching();
    api.away = true;
    expire();
    await eventually("nobody watches", () => api.watchers() === 0);
    api.remove(service("one"));
    api.put(service("three"));
    api.compact();
    api.away = false;
    await eventually("it has what there is now", () => services().join() === "shop/three,shop/two");
  });

  it("keeps trying while the server is away, and keeps what it knew", async () => {
    api.away = true;
    live = followCluster(api.fetch);
    await eventually("it has tried twice", () => api.requests.length > ALL);
    expect(live.synced()).toBe(false);
    api.put(service("one"));
    api.away = false;
    await watching();
    expect(services()).toEqual(["shop/one"]);
    api.away = true;
    const asked = api.requests.length;
    api.endWatches();
    await eventually("it has tried again", () => api.requests.length > asked + ALL);
    expect(services()).toEqual(["shop/one"]);
    api.put(service("two"));
    api.away = false;
    await eventually("it's back", () => services().length === 2);
  });

  it("hands out a signal that undici's fetch takes", async () => {
    let signal: AbortSignal | undefined;
    live = followCluster((path, init) => {
      signal = init?.signal;
      return api.fetch(path, init);
    });
    await watching();
    expect(() => new Request("http://127.0.0.1/", { signal: signal ?? null })).not.toThrow();
  });

  it("tells of changes once for many", async () => {
    live = followCluster(api.fetch);
    await watching();
    let told = 0;
    live.onChange(() => {
      told += 1;
    });
    api.put(...Array.from({ length: 50 }, (_, index) => service(`s${index}`)));
    await eventually("all have arrived", () => services().length === 50);
    await new Promise(setImmediate);
    expect(told).toBeGreaterThan(0);
    expect(told).toBeLessThan(50);
  });
});
