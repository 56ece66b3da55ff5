import { expect, it } from "vitest";
import type { KubeObject } from "../../src/model/objects.js";
import { mountsAnyOf } from "../../src/volumes/users.js";
import { mounting } from "./objects.js";

const set: KubeObject = {
  apiVersion: "apps/v1",
  kind: "StatefulSet",
  metadata: { name: "db", namespace: "shop" },
  spec: { template: { spec: { containers: [] } }, volumeClaimTemplates: [{ metadata: { name: "data" } }] },
};

it.each([
  ["a Deployment that mounts it", mounting("web", ["uploads"]), ["shop/uploads"], true],
  ["one that mounts another", mounting("web", ["uploads"]), ["shop/data"], false],
  ["one of another namespace", mounting("web", ["uploads"], "test"), ["shop/uploads"], false],
  ["a StatefulSet that makes it for one of its Pods", set, ["shop/data-db-12"], true],
  ["one whose name only begins so", set, ["shop/data-db-x"], false],
  ["one of another namespace, again", set, ["test/data-db-0"], false],
  [
    "what has no Pods",
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "shop" } },
    ["shop/a"],
    false,
  ],
] satisfies [string, KubeObject, string[], boolean][])("%s", (_, object, claims, mounts) => {
  expect(mountsAnyOf(object, claims)).toBe(mounts);
});
