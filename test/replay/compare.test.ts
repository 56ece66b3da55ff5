import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject, KubeObject } from "../../src/model/objects.js";
import { compareObjects, jsonPointer } from "../../src/replay/compare.js";
import { mend, merge } from "../../src/replay/mend.js";
import { judge } from "../../src/replay/tolerances.js";
import { object } from "./objects.js";

const nothingScaled = { autoscaled: () => false };
const undeclared = (wanted: KubeObject, live: KubeObject, context = nothingScaled) =>
  judge(wanted, live, context)
    .filter(({ toleratedBy }) => toleratedBy === undefined)
    .map(({ kind, path }) => `${kind} ${jsonPointer(path)}`);
const tolerated = (wanted: KubeObject, live: KubeObject, context = nothingScaled) =>
  judge(wanted, live, context).map(({ toleratedBy }) => toleratedBy);

const deployment = (spec: JsonObject, metadata = {}) => object("apps/v1 Deployment shop/web", { spec }, metadata);
const configMap = (data: JsonObject, metadata = {}) => object("v1 ConfigMap shop/c", { data }, metadata);

describe("compareObjects", () => {
  it.each<[string, KubeObject, KubeObject, string[]]>([
    ["a value that differs", configMap({ a: "1" }), configMap({ a: "2" }), ["changed /data/a"]],
    ["a key that is missing", configMap({ a: "1" }), configMap({}), ["missing /data/a"]],
    ["a key that nobody sent", configMap({}), configMap({ b: "2" }), ["extra /data/b"]],
    ["a label that nobody sent", configMap({}), configMap({}, { labels: { a: "1" } }), ["extra /metadata/labels/a"]],
    [
      "a slash in a key",
      configMap({}, { annotations: { "a/b~c": "1" } }),
      configMap({}, { annotations: { "a/b~c": "2" } }),
      ["changed /metadata/annotations/a~1b~0c"],
    ],
    ["identity", configMap({}, { uid: "1", resourceVersion: "2" }), configMap({}, { uid: "3", generation: 4 }), []],
    [
      "an item added in the middle",
      deployment({ c: [{ name: "a", v: 1 }, { name: "b" }] }),
      deployment({ c: [{ name: "a", v: 2 }, { name: "x" }, { name: "b" }] }),
      ["changed /spec/c/0/v", "extra /spec/c/1"],
    ],
    [
      "an item that is missing",
      deployment({ c: ["a", "b", "c"] }),
      deployment({ c: ["a", "c"] }),
      ["missing /spec/c/1"],
    ],
    ["a type that differs", deployment({ a: 1 }), deployment({ a: "1" }), ["changed /spec/a"]],
    ["a list where a map was", deployment({ a: {} }), deployment({ a: [] }), ["changed /spec/a"]],
  ])("sees %s", (_, wanted, live, expected) => {
    expect(compareObjects(wanted, live).map(({ kind, path }) => `${kind} ${jsonPointer(path)}`)).toEqual(expected);
  });

  it("finds an object equal to itself, and to itself with a status", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (spec) => {
        const it = object("acme.example/v1 Widget a/b", { spec });
        expect(compareObjects(it, structuredClone({ ...it, status: { x: 1 } }))).toEqual([]);
      }),
    );
  });
});

const autoscaler = (behavior: string) =>
  object(
    "autoscaling/v1 HorizontalPodAutoscaler a/b",
    {},
    { annotations: { "autoscaling.alpha.kubernetes.io/behavior": behavior } },
  );

describe("tolerances", () => {
  it.each<[string, KubeObject, KubeObject]>([
    ["nothing-said", deployment({ a: null }), deployment({})],
    ["quantity-normalised", deployment({ limits: { cpu: "1000m" } }), deployment({ limits: { cpu: "1" } })],
    [
      "set-by-controllers",
      deployment({}),
      deployment({}, { annotations: { "deployment.kubernetes.io/revision": "1" } }),
    ],
    [
      "set-by-controllers",
      object("batch/v1 Job a/b", { spec: { template: { metadata: { labels: { a: "1" } } } } }),
      object("batch/v1 Job a/b", { spec: { template: { metadata: { labels: { a: "1", "controller-uid": "u" } } } } }),
    ],
    [
      "finalizer-of-green",
      object("v1 PersistentVolumeClaim a/b"),
      object("v1 PersistentVolumeClaim a/b", {}, { finalizers: ["kubernetes.io/pvc-protection"] }),
    ],
    [
      "token-filled",
      object("v1 Secret a/b", { type: "kubernetes.io/service-account-token" }),
      object("v1 Secret a/b", { type: "kubernetes.io/service-account-token", data: { token: "x" } }),
    ],
    [
      "pod-admission",
      object("v1 Pod a/b", { spec: { volumes: [{ name: "d" }] } }),
      object("v1 Pod a/b", { spec: { volumes: [{ name: "d" }, { name: "kube-api-access-abcde" }] } }),
    ],
    [
      "autoscaler-behavior",
      autoscaler('{"ScaleUp":{"SelectPolicy":"Max"},"ScaleDown":null}'),
      autoscaler('{"ScaleUp":{"SelectPolicy":"Max","Tolerance":null},"ScaleDown":null}'),
    ],
    ["defaulted-by-green", deployment({ a: null }), deployment({ a: 1 })],
    ["defaulted-by-green", deployment({ a: 1 }), deployment({ a: 1, revisionHistoryLimit: 10 })],
  ])("declare %s", (id, wanted, live) => {
    expect(tolerated(wanted, live)).toEqual([id]);
  });

  it.each<[string, KubeObject, KubeObject]>([
    ["a replica count that no autoscaler sets", deployment({ replicas: 3 }), deployment({ replicas: 1 })],
    ["an amount that differs", deployment({ limits: { cpu: "1" } }), deployment({ limits: { cpu: "2" } })],
    [
      "a container that was put in",
      deployment({ containers: [{ name: "a" }] }),
      deployment({ containers: [{ name: "a" }, { name: "sidecar" }] }),
    ],
    [
      "a custom value beside null",
      object("acme.example/v1 W a/b", { a: null }),
      object("acme.example/v1 W a/b", { a: 1 }),
    ],
    [
      "another behavior",
      autoscaler('{"ScaleUp":{"SelectPolicy":"Max"}}'),
      autoscaler('{"ScaleUp":{"SelectPolicy":"Min"}}'),
    ],
    ["an empty value that is missing", configMap({ a: "" }), configMap({})],
    ["an empty structure that is missing", deployment({ emptyDir: {} }), deployment({})],
    ["an empty item that is missing", deployment({ from: [{}, { a: 1 }] }), deployment({ from: [{ a: 1 }] })],
    ["a finalizer of somebody's", configMap({}), configMap({}, { finalizers: ["acme.example/hold"] })],
    [
      "a key in a Secret that nobody sent",
      object("v1 Secret a/b", { data: { a: "1" } }),
      object("v1 Secret a/b", { data: { a: "1", b: "2" } }),
    ],
    [
      "a selector that was widened",
      object("v1 Service a/b", { spec: { selector: { a: "1" } } }),
      object("v1 Service a/b", { spec: { selector: { a: "1", b: "2" } } }),
    ],
  ])("don't declare %s", (_, wanted, live) => {
    expect(undeclared(wanted, live)).toHaveLength(1);
  });

  it("declare an autoscaled replica count only for what an autoscaler scales", () => {
    const [wanted, live] = [deployment({ replicas: 3 }), deployment({ replicas: 5 })];
    expect(tolerated(wanted, live, { autoscaled: () => true })).toEqual(["autoscaled-replicas"]);
  });
});

const json = fc.jsonValue({ maxDepth: 3 });
const bodies = fc
  .record({
    spec: fc.dictionary(fc.constantFrom("a", "b", "c", "d"), json, { maxKeys: 4 }),
    labels: fc.dictionary(fc.constantFrom("l", "m"), fc.constantFrom("1", "2")),
    items: fc.uniqueArray(fc.record({ name: fc.constantFrom("x", "y", "z"), value: json }), {
      selector: ({ name }) => name,
    }),
  })
  .map(({ spec, labels, items }) => object("apps/v1 Deployment a/b", { spec: { ...spec, items } }, { labels }));

describe("mend", () => {
  it("leaves nothing undeclared, keeps what is declared, and needs to be done once only", () => {
    fc.assert(
      fc.property(bodies, bodies, (wanted, live) => {
        const differences = judge(wanted, live, nothingScaled);
        const keep = differences.flatMap(({ path, toleratedBy }) => (toleratedBy ? [jsonPointer(path)] : []));
        const mended = mend(
          wanted,
          { ...live, metadata: { ...live.metadata, uid: "u", resourceVersion: "7" } },
          new Set(keep),
        );
        expect(undeclared(wanted, mended)).toEqual([]);
        expect(mended.metadata).toMatchObject({ uid: "u", resourceVersion: "7" });
      }),
    );
  });

  it("keeps the annotations of green's controllers where blue has none, and an autoscaler's replicas", () => {
    const wanted = deployment({ replicas: 3, image: "new" });
    const live = deployment(
      { replicas: 5, image: "old" },
      { annotations: { "deployment.kubernetes.io/revision": "1" } },
    );
    const keep = new Set(["/spec/replicas", "/metadata/annotations/deployment.kubernetes.io~1revision"]);
    expect(mend(wanted, live, keep)).toEqual(
      deployment({ replicas: 5, image: "new" }, { annotations: { "deployment.kubernetes.io/revision": "1" } }),
    );
  });
});

describe("merge", () => {
  it("adds the rules, subjects, pull secrets and labels that green's own lacks, and takes none away", () => {
    const live = object(
      "v1 ServiceAccount a/default",
      { imagePullSecrets: [{ name: "green" }] },
      { labels: { g: "1" }, uid: "u" },
    );
    const added = object(
      "v1 ServiceAccount a/default",
      { imagePullSecrets: [{ name: "blue" }, { name: "green" }] },
      { labels: { b: "1" } },
    );
    expect(merge(live, added)).toEqual(
      object(
        "v1 ServiceAccount a/default",
        { imagePullSecrets: [{ name: "green" }, { name: "blue" }] },
        { labels: { g: "1", b: "1" }, uid: "u" },
      ),
    );
  });

  it("once is enough", () => {
    fc.assert(
      fc.property(bodies, bodies, (live, added) => {
        const merged = merge(live, added);
        expect(merge(merged, added)).toEqual(merged);
      }),
    );
  });
});
