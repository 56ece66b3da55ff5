import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject, KubeObject } from "../../../src/model/objects.js";
import { carriedManagers } from "../../../src/replay/field-managers/carried.js";
import { entriesOf } from "../../../src/replay/field-managers/entries.js";
import {
  common,
  covers,
  existing,
  extract,
  type FieldSet,
  union,
} from "../../../src/replay/field-managers/field-set.js";
import { creatorOf, givenBack, withGreenUids } from "../../../src/replay/field-managers/give-back.js";
import { object } from "../objects.js";

function entry(manager: string, apiVersion: string, fieldsV1: JsonObject, more: JsonObject = {}): JsonObject {
  return { manager, operation: "Update", apiVersion, fieldsType: "FieldsV1", fieldsV1, ...more };
}

const keys = fc.constantFrom("f:a", "f:b", "f:c", 'k:{"name":"x"}', 'v:"y"');
const { set: sets } = fc.letrec<{ set: FieldSet }>((tie) => ({
  set: fc.oneof({ maxDepth: 3 }, fc.constant({}), fc.dictionary(keys, tie("set"), { maxKeys: 3 })),
}));

describe("field sets", () => {
  it("unite and meet as sets do", () => {
    fc.assert(
      fc.property(sets, sets, (a, b) => {
        expect(union(a, a)).toEqual(a);
        expect(common(a, union(a, b))).toEqual(common(a, union(b, a)));
        expect(common(common(a, b), b)).toEqual(common(a, b));
      }),
    );
  });

  const web = { labels: { app: "web" }, ports: [{ port: 80, name: "http" }, { port: 81 }], finalizers: ["a", "b"] };
  const owned: FieldSet = {
    "f:labels": { ".": {}, "f:app": {}, "f:gone": {} },
    "f:ports": { 'k:{"port":80,"protocol":"TCP"}': { ".": {}, "f:port": {} }, 'k:{"port":99}': { "f:port": {} } },
    "f:finalizers": { 'v:"b"': {} },
    "f:other": { "f:deep": {} },
  };

  it("keep what a value has, and take that part of it", () => {
    const kept = {
      "f:labels": { ".": {}, "f:app": {} },
      "f:ports": { 'k:{"port":80,"protocol":"TCP"}': { ".": {}, "f:port": {} } },
      "f:finalizers": { 'v:"b"': {} },
    };
    expect(existing(owned, web)).toEqual(kept);
    expect(extract(kept, web)).toEqual({ labels: { app: "web" }, ports: [{ port: 80 }], finalizers: ["b"] });
  });

  it.each<[FieldSet, unknown, boolean]>([
    [{ "f:labels": { "f:app": {} } }, { labels: { app: "web" } }, true],
    [{ "f:labels": { "f:app": {} } }, { labels: { app: "web", team: "shop" } }, false],
    [{ "f:ports": {} }, { ports: [{ port: 1 }] }, true],
    [{ "f:ports": { 'k:{"port":1}': { "f:port": {} } } }, { ports: [{ port: 1 }, { port: 2 }] }, false],
    [{ "f:ports": { 'k:{"port":1}': { "f:port": {} } } }, { ports: [{ port: 1, nodePort: 3 }] }, false],
  ])("%j covers %j: %j", (fields, value, answer) => {
    expect(covers(fields, value)).toBe(answer);
  });
});

describe("carriedManagers", () => {
  const serves = (apiVersion: string) => !apiVersion.includes("beta");

  it("leaves out the status, and what is only about it", () => {
    const source = object(
      "v1 ConfigMap a/b",
      {},
      {
        managedFields: [
          entry("helm", "v1", { "f:data": { "f:x": {} }, "f:status": { "f:a": {} } }),
          entry("kubelet", "v1", { "f:status": {} }, { subresource: "status" }),
          { manager: "broken" },
        ],
      },
    );
    expect(carriedManagers(source, source, serves)).toEqual([
      { manager: "helm", operation: "Update", apiVersion: "v1", fields: { "f:data": { "f:x": {} } } },
    ]);
  });

  it("says in green's version what was said in one that is gone, renamed fields too, and gives nobody's field to nobody", () => {
    const managedFields = [
      entry("helm", "networking.k8s.io/v1beta1", {
        "f:metadata": { "f:labels": { "f:app": {} } },
        "f:spec": { "f:backend": { ".": {}, "f:serviceName": {}, "f:servicePort": {} }, "f:rules": {} },
      }),
      entry("person", "networking.k8s.io/v1beta1", { "f:metadata": { "f:labels": { "f:edited": {} } } }),
    ];
    const source = object("networking.k8s.io/v1beta1 Ingress a/b", {}, { managedFields });
    const begins = object(
      "networking.k8s.io/v1 Ingress a/b",
      { spec: { rules: [], defaultBackend: { service: { name: "web", port: { number: 80 } } } } },
      { labels: { app: "web", edited: "yes", nobodys: "1" } },
    );
    expect(
      carriedManagers(source, begins, serves).map(({ manager, apiVersion, fields }) => [manager, apiVersion, fields]),
    ).toEqual([
      [
        "helm",
        "networking.k8s.io/v1",
        {
          "f:metadata": { "f:labels": { "f:app": {} } },
          "f:spec": {
            "f:rules": {},
            "f:defaultBackend": { "f:service": { "f:name": {}, "f:port": { "f:number": {} } } },
          },
        },
      ],
      ["person", "networking.k8s.io/v1", { "f:metadata": { "f:labels": { "f:edited": {} } } }],
    ]);
  });
});

describe("givenBack", () => {
  const live = (managedFields: JsonObject[]): KubeObject => object("v1 ConfigMap a/b", {}, { managedFields });
  const helm = entriesOf(live([entry("helm", "v1", { "f:data": { "f:x": {}, "f:stripped": {} } })]));

  it("is nothing where nothing is in our name", () => {
    expect(givenBack(live([entry("helm", "v1", { "f:data": {} })]), helm)).toBeUndefined();
  });

  it("gives what is in our name to those who own it on blue, and leaves what others took on green", () => {
    const now = live([
      entry("clustershift", "v1", { "f:data": { "f:x": {}, "f:y": {} } }),
      entry("injector", "v1", { "f:data": { "f:z": {} } }),
    ]);
    expect(givenBack(now, helm)).toEqual([
      entry("helm", "v1", { "f:data": { "f:x": {} } }),
      entry("injector", "v1", { "f:data": { "f:z": {} } }),
    ]);
  });

  it("leaves nobody as the manager where blue knows of none", () => {
    expect(givenBack(live([entry("clustershift", "v1", { "f:data": {} })]), [])).toEqual([{}]);
  });

  it("adds to what its owner has on green already", () => {
    const now = live([
      entry("clustershift", "v1", { "f:data": { "f:x": {} } }),
      entry("helm", "v1", { "f:data": { "f:w": {} } }),
    ]);
    expect(givenBack(now, helm)).toEqual([entry("helm", "v1", { "f:data": { "f:x": {}, "f:w": {} } })]);
  });

  it("keeps who sent a Secret's stringData, which nobody can read", () => {
    const owners = entriesOf(live([entry("argo", "v1", { "f:stringData": { "f:p": {} } })]));
    expect(givenBack(live([entry("clustershift", "v1", { "f:data": { "f:p": {} } })]), owners)).toEqual([
      entry("argo", "v1", { "f:stringData": { "f:p": {} } }),
    ]);
  });
});

describe("creatorOf", () => {
  const config = object("v1 ConfigMap a/b", { data: { x: "1" } }, { labels: { app: "web" } });
  const all = { "f:data": { ".": {}, "f:x": {} }, "f:metadata": { "f:labels": { ".": {}, "f:app": {} } } };
  const owners = (...managedFields: JsonObject[]) => entriesOf(object("v1 ConfigMap a/b", {}, { managedFields }));

  it.each<[string, JsonObject[], string]>([
    ["the one who owns it all", [entry("helm", "v1", all)], "helm"],
    ["nobody known", [], "clustershift"],
    ["a field that isn't theirs", [entry("helm", "v1", { ...all, "f:data": { "f:y": {} } })], "clustershift"],
    ["metadata that isn't theirs", [entry("helm", "v1", { "f:data": {} })], "clustershift"],
    ["a second manager", [entry("helm", "v1", all), entry("person", "v1", all)], "clustershift"],
    ["a server-side apply", [entry("argo", "v1", all, { operation: "Apply" })], "clustershift"],
    ["another version", [entry("helm", "v2", all)], "clustershift"],
  ])("is %s", (_what, managedFields, creator) => {
    expect(creatorOf(config, owners(...managedFields))).toBe(creator);
  });
});

it("withGreenUids names green's owners", () => {
  const references = (uid: string) => ({ "f:metadata": { "f:ownerReferences": { [`k:{"uid":"${uid}"}`]: {} } } });
  const owners = entriesOf(object("v1 Pod a/b", {}, { managedFields: [entry("op", "v1", references("blue-1"))] }));
  expect(withGreenUids(owners, new Map([["blue-1", "green-1"]]))[0]?.fields).toEqual(references("green-1"));
  expect(withGreenUids(owners, new Map())[0]?.fields).toEqual(references("blue-1"));
});
