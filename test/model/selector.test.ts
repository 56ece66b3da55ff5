import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../src/model/objects.js";
import { type Selector, selects } from "../../src/model/selector.js";

const web: KubeObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web-blue-1", namespace: "shop", labels: { app: "web", tier: "front" } },
};
const namespace: KubeObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };

describe("a selector", () => {
  it.each<[boolean, Selector, KubeObject]>([
    [true, {}, web],
    [true, { group: "apps", kind: "Deployment", namespace: "shop", name: "web-blue-1" }, web],
    [false, { group: "", kind: "Deployment" }, web],
    [false, { kind: "DaemonSet" }, web],
    [false, { namespace: "shop2" }, web],
    [true, { name: "web-*" }, web],
    [true, { name: "*-1" }, web],
    [true, { name: "web*blue*1" }, web],
    [true, { name: "*" }, web],
    [false, { name: "web-1*1" }, web],
    [false, { name: "web-blue-1*1" }, web],
    [false, { name: "web.blue-1" }, web],
    [true, { labels: { app: "web" } }, web],
    [true, { labels: { app: "*", tier: "fr*" } }, web],
    [false, { labels: { app: "web", tier: "back" } }, web],
    [false, { labels: { team: "*" } }, web],
    [true, { namespace: "shop" }, namespace],
    [true, { namespace: "sh*" }, namespace],
    [false, { namespace: "web" }, { ...namespace, kind: "Node" }],
  ])("is %s of %o", (expected, selector, object) => {
    expect(selects(selector, object)).toBe(expected);
  });
});
