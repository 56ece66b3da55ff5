import { describe, expect, it } from "vitest";
import { listAll, listIfServed } from "../../src/kube/list-all.js";
import { type Answer, collect, connectTo, fakeServer, status } from "./fake-server.js";
import { configMaps } from "./server.js";

function page(names: string[], next?: string, resourceVersion = "7"): Answer {
  return {
    body: {
      kind: "ConfigMapList",
      apiVersion: "v1",
      metadata: { resourceVersion, ...(next ? { continue: next } : {}) },
      items: names.map((name) => ({ metadata: { name } })),
    },
  };
}

function names(pages: { items: { metadata: { name: string } }[]; restarted?: boolean }[]) {
  return pages.map(({ items, restarted }) => [restarted === true, ...items.map(({ metadata }) => metadata.name)]);
}

describe("pages", () => {
  it("follow the continue token, and give each item its type", async () => {
    const server = await fakeServer(page(["a", "b"], "t/1=&"), page(["c"]));
    const pages = await collect((await connectTo(server.url)).pages(configMaps, { pageSize: 2, namespace: "shop" }));
    expect(server.requests).toEqual([
      "GET /api/v1/namespaces/shop/configmaps?limit=2",
      "GET /api/v1/namespaces/shop/configmaps?limit=2&continue=t%2F1%3D%26",
    ]);
    expect(pages).toEqual([
      {
        items: [
          { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } },
          { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "b" } },
        ],
        resourceVersion: "7",
      },
      { items: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" } }], resourceVersion: "7" },
    ]);
  });

  it("go on after broken connections and overload in the middle", async () => {
    const busy = { ...status(429, "TooManyRequests"), headers: { "retry-after": "0" } };
    const server = await fakeServer(page(["a"], "t"), { reset: true }, busy, page(["b"]));
    expect(names(await collect((await connectTo(server.url)).pages(configMaps)))).toEqual([
      [false, "a"],
      [false, "b"],
    ]);
  });

  it("start again when the token has expired, say so, and double their size", async () => {
    const expired = status(410, "Expired");
    const server = await fakeServer(page(["a"], "t"), expired, page(["a", "z"], "u", "9"), page(["b"], undefined, "9"));
    const pages = await collect((await connectTo(server.url)).pages(configMaps));
    expect(names(pages)).toEqual([
      [false, "a"],
      [true, "a", "z"],
      [false, "b"],
    ]);
    expect(pages.at(-1)?.resourceVersion).toBe("9");
    expect(server.requests[2]).toBe("GET /api/v1/configmaps?limit=1000");
  });

  it("end with the 410 when every token expires", async () => {
    const expired = status(410, "Expired");
    const round: Answer[] = [page(["a"], "t"), expired];
    const server = await fakeServer(page(["a"], "t"), expired, ...Array.from({ length: 20 }, () => round).flat());
    await expect(collect((await connectTo(server.url)).pages(configMaps))).rejects.toMatchObject({ status: 410 });
  });

  it("of something that is no list are refused, not empty", async () => {
    const server = await fakeServer({ body: { kind: "Status", status: "Success" } });
    await expect(collect((await connectTo(server.url)).pages(configMaps))).rejects.toThrow("no list");
  });
});

describe("listAll", () => {
  it("gives everything once, also where the list started again", async () => {
    const expired = status(410, "Expired");
    const server = await fakeServer(page(["a", "b"], "t"), expired, page(["a", "z"], "u", "9"), page(["c"]));
    const objects = await listAll(await connectTo(server.url), configMaps);
    expect(objects.map(({ metadata }) => metadata.name)).toEqual(["a", "z", "c"]);
  });

  it("says where a resource isn't served", async () => {
    const server = await fakeServer(status(404, "NotFound"), status(403, "Forbidden"));
    const kube = await connectTo(server.url);
    expect(await listIfServed(kube, configMaps)).toBeUndefined();
    await expect(listIfServed(kube, configMaps)).rejects.toMatchObject({ status: 403 });
  });
});
