import { describe, expect, it } from "vitest";
import { KubeError, type KubeWriter } from "../../src/kube/api.js";
import { bluePermissions, greenPermissions } from "../../src/kube/permissions.js";
import { readableResources } from "../../src/kube/resources.js";
import type { ApiResource } from "../../src/model/objects.js";
import { kindKey } from "../../src/model/objects.js";
import { collect } from "./fake-server.js";
import { blueServer, configMap, configMaps, greenServer, inNamespace, secrets } from "./server.js";

async function withKube(open: () => Promise<KubeWriter>, run: (kube: KubeWriter) => Promise<void>): Promise<void> {
  const kube = await open();
  try {
    await run(kube);
  } finally {
    await kube.close();
  }
}

for (const { title, present, version, open, openReadOnly } of [blueServer, greenServer]) {
  describe.skipIf(!present)(title, () => {
    it("says its version and which cluster it is, and lists what it serves", () =>
      withKube(open, async (kube) => {
        const { version: found, clusterId } = await kube.info();
        expect(found).toBe(version);
        expect(clusterId).toMatch(/^[0-9a-f-]{36}$/);
        const { resources, broken } = await kube.discover();
        expect(broken).toEqual([]);
        const pods = resources.find(({ group, kind }) => group === "" && kind === "Pod");
        expect(pods).toMatchObject({ version: "v1", resource: "pods", namespaced: true });
        expect(pods?.subresources).toEqual(expect.arrayContaining(["status", "exec", "log"]));
        const readable = readableResources(resources, (candidates) => candidates[0] as ApiResource).map(kindKey);
        expect(readable).toEqual(expect.arrayContaining(["Secret", "Deployment.apps", "Event"]));
        expect(readable).not.toContain("Event.events.k8s.io");
        expect(readable).not.toContain("ComponentStatus");
        expect(new Set(readable).size).toBe(readable.length);
      }));

    it("can list every kind that is chosen", () =>
      withKube(open, async (kube) => {
        const { resources } = await kube.discover();
        for (const resource of readableResources(resources, (candidates) => candidates[0] as ApiResource)) {
          for await (const { items } of kube.pages(resource, { pageSize: 1 })) {
            for (const item of items)
              expect(item).toMatchObject({ kind: resource.kind, metadata: { name: expect.any(String) } });
            break;
          }
        }
      }));

    it("creates, applies, patches, replaces, lists, watches and deletes", () =>
      withKube(open, (kube) =>
        inNamespace(kube, async (namespace) => {
          for (const name of ["a", "b", "c"]) await kube.create(configMaps, configMap(namespace, name, { name }));
          await expect(kube.create(configMaps, configMap(namespace, "a"))).rejects.toMatchObject({
            status: 409,
            reason: "AlreadyExists",
          });
          const pages = await collect(
            kube.pages(configMaps, { namespace, pageSize: 2, fieldSelector: "metadata.name!=kube-root-ca.crt" }),
          );
          expect(pages.map(({ items }) => items.map(({ kind, metadata }) => `${kind} ${metadata.name}`))).toEqual([
            ["ConfigMap a", "ConfigMap b"],
            ["ConfigMap c"],
          ]);

          const stop = new AbortController();
          const from = pages.at(-1)?.resourceVersion ?? "";
          const watching = collect(
            (async function* () {
              for await (const event of kube.watch(configMaps, from, { namespace, signal: stop.signal })) {
                // The namespace's own object comes when its controller gets to it.
                if (event.type === "BOOKMARK" || event.object.metadata.name === "kube-root-ca.crt") continue;
                yield `${event.type} ${event.object.metadata.name}`;
                if (event.type === "DELETED") stop.abort();
              }
            })(),
          );
          const applied = await kube.apply(configMaps, configMap(namespace, "a", { x: "1" }), { fieldManager: "one" });
          expect(applied.data).toEqual({ name: "a", x: "1" });
          const other = configMap(namespace, "a", { x: "2" });
          await expect(kube.apply(configMaps, other, { fieldManager: "two" })).rejects.toMatchObject({
            status: 409,
            reason: "Conflict",
          });
          const forced = await kube.apply(configMaps, other, { fieldManager: "two", force: true, dryRun: true });
          expect(forced.data).toMatchObject({ x: "2" });
          const patched = await kube.patch(configMaps, "b", { data: { y: "1" } }, { type: "merge", namespace });
          expect(patched.data).toEqual({ name: "b", y: "1" });
          const remove = { op: "remove", path: "/data/y" };
          expect((await kube.patch(configMaps, "b", [remove], { type: "json", namespace })).data).toEqual({
            name: "b",
          });
          expect((await kube.replace(configMaps, configMap(namespace, "c", { z: "1" }))).data).toEqual({ z: "1" });
          expect(await kube.delete(configMaps, "c", namespace)).toBe(true);
          expect(await kube.delete(configMaps, "c", namespace)).toBe(false);
          expect(await kube.get(configMaps, "c", namespace)).toBeUndefined();
          expect((await kube.get(configMaps, "a", namespace))?.data).toEqual({ name: "a", x: "1" });
          expect(await watching).toEqual(["MODIFIED a", "MODIFIED b", "MODIFIED b", "MODIFIED c", "DELETED c"]);
        }),
      ));

    it("doesn't take a resource that isn't served for an object that isn't there", () =>
      withKube(open, async (kube) => {
        for (const unserved of [
          { resource: "nothings" },
          { group: "apps", resource: "nothings" },
          { group: "acme.example" },
        ]) {
          await expect(kube.get({ ...configMaps, ...unserved }, "x", "default")).rejects.toThrow(KubeError);
        }
      }));

    it("only reads where reading is all that was asked for", async () => {
      const kube = await openReadOnly();
      expect(Object.keys(kube).sort()).toEqual([
        "close",
        "discover",
        "get",
        "info",
        "name",
        "pages",
        "server",
        "watch",
      ]);
      expect((await kube.info()).version).toBe(version);
      await kube.close();
    });

    it("grants by the printed roles what is needed, and no more", () =>
      withKube(open, async (kube) => {
        const { resources } = await kube.discover();
        for (const object of [...bluePermissions(), ...greenPermissions()]) {
          const resource = resources.find(
            ({ kind, group }) =>
              kindKey({ kind, group }) ===
              kindKey({ kind: object.kind, group: object.apiVersion.split("/").at(-2) ?? "" }),
          );
          await kube.apply(resource as ApiResource, object, { fieldManager: "test", force: true });
        }
        const may = async (user: string, verb: string, resource: string, group = "") => {
          const review = { group: "authorization.k8s.io", version: "v1", resource: "subjectaccessreviews" };
          const object = {
            apiVersion: "authorization.k8s.io/v1",
            kind: "SubjectAccessReview",
            metadata: { name: "" },
            spec: {
              user: `system:serviceaccount:clustershift:clustershift-${user}`,
              resourceAttributes: { verb, group, resource, namespace: "default" },
            },
          };
          const { status } = await kube.create(
            { ...secrets, ...review, kind: "SubjectAccessReview", namespaced: false },
            object,
          );
          return (status as { allowed: boolean }).allowed;
        };
        for (const verb of ["get", "list", "watch"]) expect(await may("blue", verb, "secrets")).toBe(true);
        for (const verb of ["create", "update", "patch", "delete", "deletecollection", "impersonate"]) {
          expect([verb, await may("blue", verb, "users")]).toEqual([verb, false]);
        }
        for (const verb of ["create", "update", "patch"])
          expect(await may("green", verb, "widgets", "acme.example")).toBe(true);
        for (const verb of ["bind", "escalate"]) {
          expect(await may("green", verb, "clusterroles", "rbac.authorization.k8s.io")).toBe(true);
        }
        for (const verb of ["delete", "deletecollection", "impersonate"]) {
          expect([verb, await may("green", verb, "users")]).toEqual([verb, false]);
        }
      }));
  });
}
