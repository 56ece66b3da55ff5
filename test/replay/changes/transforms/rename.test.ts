import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../../../src/model/objects.js";
import { type TransformSettings, transformOf } from "../../../../src/replay/changes/transforms/index.js";
import { object } from "../../objects.js";

const toStore: TransformSettings = {
  name: "shop-to-store",
  reason: "because",
  select: { namespace: "shop" },
  rename: { namespace: "store" },
};
const context = (...listed: KubeObject[]) => ({
  listed: (kind: string) => listed.filter((each) => each.kind === kind),
  serves: () => true,
});
const renamedBy = (settings: TransformSettings, of: KubeObject, ...listed: KubeObject[]) =>
  transformOf(settings).change(of, context(...listed));
const remarks = (of: KubeObject) => renamedBy(toStore, of)?.remarks?.map(({ id }) => id);
const rbac = "rbac.authorization.k8s.io/v1";
const hook = (fields: object) =>
  object("admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration h", { webhooks: [fields] });

describe("renaming a namespace", () => {
  it("renames it, and what is in it", () => {
    const labels = { "kubernetes.io/metadata.name": "shop", app: "shop" };
    expect(renamedBy(toStore, object("v1 Namespace shop", {}, { labels }))).toEqual({
      object: object("v1 Namespace store", {}, { labels: { "kubernetes.io/metadata.name": "store", app: "shop" } }),
      remarks: [],
    });
    expect(renamedBy(toStore, object("v1 ConfigMap shop/c"))).toEqual({
      object: object("v1 ConfigMap store/c"),
      remarks: [],
    });
  });

  it.each<[string, KubeObject, KubeObject]>([
    [
      "subjects of bindings, also by users' and groups' names",
      object(`${rbac} RoleBinding other/b`, {
        subjects: [
          { kind: "ServiceAccount", name: "web", namespace: "shop" },
          { kind: "ServiceAccount", name: "web", namespace: "other" },
          { kind: "User", name: "system:serviceaccount:shop:web" },
          { kind: "Group", name: "system:serviceaccounts:shop" },
          { kind: "User", name: "shop" },
        ],
      }),
      object(`${rbac} RoleBinding other/b`, {
        subjects: [
          { kind: "ServiceAccount", name: "web", namespace: "store" },
          { kind: "ServiceAccount", name: "web", namespace: "other" },
          { kind: "User", name: "system:serviceaccount:store:web" },
          { kind: "Group", name: "system:serviceaccounts:store" },
          { kind: "User", name: "shop" },
        ],
      }),
    ],
    [
      "claims of volumes",
      object("v1 PersistentVolume v", {
        spec: {
          claimRef: { namespace: "shop", name: "data" },
          csi: { nodeStageSecretRef: { namespace: "shop", name: "s" } },
        },
      }),
      object("v1 PersistentVolume v", {
        spec: {
          claimRef: { namespace: "store", name: "data" },
          csi: { nodeStageSecretRef: { namespace: "store", name: "s" } },
        },
      }),
    ],
    [
      "selectors of namespaces by name",
      object("networking.k8s.io/v1 NetworkPolicy other/n", {
        spec: {
          ingress: [
            { from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "shop", team: "shop" } } }] },
            {
              from: [
                {
                  namespaceSelector: {
                    matchExpressions: [
                      { key: "kubernetes.io/metadata.name", operator: "In", values: ["shop", "other"] },
                    ],
                  },
                },
              ],
            },
          ],
        },
      }),
      object("networking.k8s.io/v1 NetworkPolicy other/n", {
        spec: {
          ingress: [
            {
              from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "store", team: "shop" } } }],
            },
            {
              from: [
                {
                  namespaceSelector: {
                    matchExpressions: [
                      { key: "kubernetes.io/metadata.name", operator: "In", values: ["store", "other"] },
                    ],
                  },
                },
              ],
            },
          ],
        },
      }),
    ],
    [
      "lists of namespaces in affinities",
      object("v1 Pod other/p", {
        spec: { affinity: { podAffinity: { required: [{ topologyKey: "zone", namespaces: ["shop", "other"] }] } } },
      }),
      object("v1 Pod other/p", {
        spec: { affinity: { podAffinity: { required: [{ topologyKey: "zone", namespaces: ["store", "other"] }] } } },
      }),
    ],
    [
      "annotations that are known to name objects",
      object("v1 ConfigMap other/c", {}, { annotations: { "cert-manager.io/inject-ca-from": "shop/ca" } }),
      object("v1 ConfigMap other/c", {}, { annotations: { "cert-manager.io/inject-ca-from": "store/ca" } }),
    ],
  ])("renames it in %s", (_, before, after) => {
    expect(renamedBy(toStore, before)).toEqual({ object: after, remarks: [] });
  });

  it("renames it where a webhook, a conversion or an API is called, and warns of their certificates", () => {
    const service = { namespace: "shop", name: "hook" };
    for (const [of, at] of [
      [hook({ clientConfig: { service } }), (it: KubeObject) => (it.webhooks as never[])[0]],
      [object("apiregistration.k8s.io/v1 APIService v1.x", { spec: { service } }), (it: KubeObject) => it.spec],
    ] as const) {
      const changed = renamedBy(toStore, of);
      expect(JSON.stringify(at(changed?.object ?? of))).toContain('"namespace":"store"');
      expect(changed?.remarks?.map(({ id }) => id)).toEqual(["rename-certificate"]);
    }
  });

  it("names what it can't change exactly by its JSON pointers, and changes none of it", () => {
    const mentioning = object("v1 ConfigMap other/c", {
      data: {
        url: "http://web.shop.svc.cluster.local:80/",
        short: "http://web.shop/path",
        host: "db.shop:5432",
        conf: "upstream:\n  kubectl --namespace shop get pods\n",
        ref: "shop/web",
        namespace: "shop",
        fine: "my shop is open; shop.example.com; webshop.svc; shopping/web",
      },
    });
    const changed = renamedBy(toStore, mentioning);
    expect(changed?.object).toEqual(mentioning);
    expect(changed?.remarks?.[0]?.id).toBe("rename-mentioned");
    expect(changed?.remarks?.[0]?.why).toMatch(
      /\/data\/url, \/data\/short, \/data\/host, \/data\/conf, \/data\/ref and 1 more\./,
    );
  });

  it("looks into Secrets, and shows nothing of them", () => {
    const data = { dsn: Buffer.from("postgres://u:hunter2@db.shop.svc/x").toString("base64"), fine: "c2hvcA==" };
    const changed = renamedBy(toStore, object("v1 Secret other/s", { data }));
    expect(changed?.remarks?.[0]?.why).toContain("/data/dsn.");
    expect(JSON.stringify(changed?.remarks)).not.toContain("hunter2");
  });

  it("says of a Helm release that its record is of the old namespace", () => {
    expect(remarks(object("v1 Secret shop/sh.helm.release.v1.web.v1", { type: "helm.sh/release.v1" }))).toEqual([
      "rename-helm-release",
    ]);
  });

  it("has nothing to do with others", () => {
    expect(renamedBy(toStore, object("v1 ConfigMap other/c", { data: { a: "b" } }))).toBeUndefined();
    expect(renamedBy(toStore, object("v1 Namespace shopping"))).toBeUndefined();
  });

  it("is refused where blue has a namespace of the new name", () => {
    const changed = renamedBy(toStore, object("v1 ConfigMap shop/c"), object("v1 Namespace store"));
    expect(changed?.ends).toMatchObject({ ending: "failed", reason: expect.stringMatching(/two would become one/) });
    expect(renamedBy(toStore, object("v1 ConfigMap other/c"), object("v1 Namespace store"))).toBeUndefined();
  });
});

describe("renaming one object", () => {
  const webConfig: TransformSettings = {
    name: "web-config",
    reason: "because",
    select: { kind: "ConfigMap", namespace: "shop", name: "web" },
    rename: { name: "web-2" },
  };
  const workload = (namespace: string, name: string) =>
    object(`apps/v1 Deployment ${namespace}/d`, {
      spec: {
        template: {
          spec: {
            volumes: [{ configMap: { name } }, { secret: { secretName: "web" } }],
            containers: [
              { envFrom: [{ configMapRef: { name } }], env: [{ valueFrom: { configMapKeyRef: { name } } }] },
            ],
          },
        },
      },
    });

  it("renames it, with a warning of what can't be followed", () => {
    const changed = renamedBy(webConfig, object("v1 ConfigMap shop/web"));
    expect(changed?.object).toEqual(object("v1 ConfigMap shop/web-2"));
    expect(changed?.remarks?.map(({ id }) => id)).toEqual(["rename-by-name"]);
  });

  it("renames it in what refers to it, and nothing else of its name", () => {
    expect(renamedBy(webConfig, workload("shop", "web"))).toEqual({ object: workload("shop", "web-2"), remarks: [] });
    expect(renamedBy(webConfig, workload("other", "web"))).toBeUndefined();
    expect(renamedBy(webConfig, object("v1 Secret shop/web"))).toBeUndefined();
  });

  it("is refused where blue has an object of the new name", () => {
    const changed = renamedBy(webConfig, object("v1 ConfigMap shop/web"), object("v1 ConfigMap shop/web-2"));
    expect(changed?.ends?.reason).toContain("two would become one");
  });
});
