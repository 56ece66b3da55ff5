import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type KubeObject, kindKey, refKey, refOf } from "../../src/model/objects.js";
import { customKind } from "../../src/replay/custom-kinds.js";
import { order } from "../../src/replay/order.js";
import { clusters, definition, object } from "./objects.js";

const items = (objects: KubeObject[]) =>
  objects.map((object) => ({ object, ...(object.metadata.uid ? { uid: object.metadata.uid } : {}) }));
const waves = (objects: KubeObject[]) =>
  order(items(objects)).map(
    ({ name, objects }) => `${name}: ${objects.map(({ object }) => object.metadata.name).join(" ")}`,
  );
const ownedBy = (uid: string) => ({ ownerReferences: [{ apiVersion: "x/v1", kind: "X", name: "x", uid }] });

describe("order", () => {
  it("puts what could block others last, and quotas after the pods that they count", () => {
    expect(
      waves([
        object("admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration hook"),
        object("v1 ResourceQuota shop/quota"),
        object("apps/v1 Deployment shop/web"),
        object("acme.example/v1 Widget shop/w"),
        object("v1 LimitRange shop/limits"),
        definition("Widget", "acme.example", ["v1"]),
        object("networking.k8s.io/v1 Ingress shop/web-ingress"),
        object("networking.k8s.io/v1 NetworkPolicy shop/deny"),
        object("v1 Secret shop/key"),
        object("v1 ServiceAccount shop/runner"),
        object("v1 Namespace shop"),
      ]),
    ).toEqual([
      "namespaces: shop",
      "definitions: widgets.acme.example",
      "classes: limits",
      "accounts: runner",
      "configuration: key",
      "others: w",
      "network-policies: deny",
      "workloads: web",
      "around-workloads: web-ingress",
      "blockers: hook quota",
    ]);
  });

  it("lets a Secret wait for the custom resource that owns it, and its own dependants for it", () => {
    expect(
      waves([
        object("v1 Secret shop/tls", {}, { uid: "tls", ...ownedBy("certificate") }),
        object("v1 ConfigMap shop/of-tls", {}, ownedBy("tls")),
        object("acme.example/v1 Certificate shop/c", {}, { uid: "certificate" }),
        object("v1 Secret shop/free"),
      ]),
    ).toEqual(["configuration: free", "others: c", "others: tls", "others: of-tls"]);
  });

  it("lets everything in a namespace wait for what owns the namespace", () => {
    expect(
      waves([
        object("v1 Namespace team", {}, ownedBy("tenant")),
        object("v1 ServiceAccount team/runner"),
        object("acme.example/v1 Tenant t", {}, { uid: "tenant" }),
      ]),
    ).toEqual(["others: t", "others: team", "others: runner"]);
  });

  it("loses nothing to a circle", () => {
    const circle = [
      object("v1 ConfigMap a/1", {}, { uid: "1", ...ownedBy("2") }),
      object("v1 ConfigMap a/2", {}, { uid: "2", ...ownedBy("1") }),
      object("v1 ConfigMap a/3", {}, { uid: "3", ...ownedBy("3") }),
    ];
    expect(order(items(circle)).flatMap(({ objects }) => objects)).toHaveLength(3);
  });

  it("puts nothing before its namespace, its definition or its owners, and everything once", () => {
    fc.assert(
      fc.property(clusters, (objects) => {
        const ordered = order(items(objects));
        const wave = new Map<string, number>();
        for (const [index, { objects }] of ordered.entries()) {
          for (const { object } of objects) wave.set(refKey(refOf(object)), index);
        }
        expect(ordered.flatMap(({ objects }) => objects)).toHaveLength(objects.length);
        expect(wave.size).toBe(objects.length);
        const place = (it: KubeObject) => wave.get(refKey(refOf(it))) ?? -1;
        for (const it of objects) {
          const { namespace, ownerReferences = [] } = it.metadata;
          const needed = objects.filter(
            (other) =>
              (other.kind === "Namespace" && other.metadata.name === namespace) ||
              ownerReferences.some(({ uid }) => uid === other.metadata.uid) ||
              (other.kind === "CustomResourceDefinition" &&
                kindKey(customKind(other) ?? { group: "", kind: "" }) === kindKey(refOf(it))),
          );
          for (const other of needed) expect(place(other)).toBeLessThan(place(it));
        }
      }),
    );
  });
});
