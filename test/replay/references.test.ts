import { describe, expect, it } from "vitest";
import { type ApiResource, type KubeObject, kindKey, refKey, refOf } from "../../src/model/objects.js";
import type { Selector } from "../../src/model/selector.js";
import { danglingReferences } from "../../src/replay/references/dangling.js";
import { kindsWithReferences, referencesOf } from "../../src/replay/references/index.js";
import { planReplay, type ReplaySource } from "../../src/replay/replay.js";
import { rulesWith } from "../../src/replay/rules/index.js";
import { object, resource } from "./objects.js";

const pod = {
  serviceAccountName: "runner",
  priorityClassName: "high",
  runtimeClassName: "gvisor",
  imagePullSecrets: [{ name: "pull" }],
  volumes: [
    { name: "a", secret: { secretName: "in-volume" } },
    { name: "b", configMap: { name: "in-volume" } },
    { name: "c", persistentVolumeClaim: { claimName: "data" } },
    {
      name: "d",
      projected: { sources: [{ secret: { name: "in-projection" } }, { configMap: { name: "projected" } }] },
    },
    { name: "e", csi: { driver: "d", nodePublishSecretRef: { name: "of-csi" } } },
    { name: "f", ephemeral: { volumeClaimTemplate: { spec: { storageClassName: "scratch" } } } },
    { name: "g", secret: { secretName: "perhaps", optional: true } },
    { name: "h", emptyDir: {} },
  ],
  initContainers: [{ name: "i", envFrom: [{ secretRef: { name: "env" } }, { configMapRef: { name: "env" } }] }],
  containers: [
    {
      name: "c",
      env: [
        { name: "PLAIN", value: "x" },
        { name: "A", valueFrom: { secretKeyRef: { name: "env-key", key: "k" } } },
        { name: "B", valueFrom: { configMapKeyRef: { name: "env-key", key: "k" } } },
        { name: "C", valueFrom: { configMapKeyRef: { name: "perhaps", key: "k", optional: true } } },
        { name: "D", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
      ],
      envFrom: [{ secretRef: { name: "perhaps", optional: true } }],
    },
  ],
};
const ofPod = [
  "ConfigMap shop/env",
  "ConfigMap shop/env-key",
  "ConfigMap shop/in-volume",
  "ConfigMap shop/projected",
  "PersistentVolumeClaim shop/data",
  "PriorityClass.scheduling.k8s.io high",
  "RuntimeClass.node.k8s.io gvisor",
  "Secret shop/env",
  "Secret shop/env-key",
  "Secret shop/in-projection",
  "Secret shop/in-volume",
  "Secret shop/of-csi",
  "Secret shop/pull",
  "ServiceAccount shop/runner",
  "StorageClass.storage.k8s.io scratch",
];
const template = { template: { spec: pod } };
const role = (kind: string, name: string) => ({ roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name } });
const runner = {
  subjects: [
    { kind: "ServiceAccount", name: "runner", namespace: "ci" },
    { kind: "User", name: "jo" },
  ],
};
const hook = {
  webhooks: [{ clientConfig: { service: { namespace: "hooks", name: "hook" } } }, { clientConfig: { url: "x" } }],
};

const cases: [KubeObject, string[]][] = [
  [object("v1 Pod shop/p", { spec: pod }), ofPod],
  [object("v1 PodTemplate shop/p", template), ofPod],
  ...["v1 ReplicationController", "apps/v1 ReplicaSet", "apps/v1 Deployment", "apps/v1 DaemonSet", "batch/v1 Job"].map(
    (kind): [KubeObject, string[]] => [object(`${kind} shop/p`, { spec: template }), ofPod],
  ),
  [object("batch/v1 CronJob shop/p", { spec: { jobTemplate: { spec: template } } }), ofPod],
  [
    object("apps/v1 StatefulSet shop/p", {
      spec: { template: { spec: {} }, volumeClaimTemplates: [{ spec: { storageClassName: "fast" } }, { spec: {} }] },
    }),
    ["StorageClass.storage.k8s.io fast"],
  ],
  [
    object("v1 ServiceAccount shop/runner", { imagePullSecrets: [{ name: "pull" }], secrets: [{ name: "by-hand" }] }),
    ["Secret shop/by-hand", "Secret shop/pull"],
  ],
  [
    object("v1 PersistentVolumeClaim shop/data", { spec: { storageClassName: "fast" } }),
    ["StorageClass.storage.k8s.io fast"],
  ],
  [object("v1 PersistentVolumeClaim shop/data", { spec: { storageClassName: "" } }), []],
  [
    object(
      "v1 PersistentVolumeClaim shop/data",
      {},
      { annotations: { "volume.beta.kubernetes.io/storage-class": "old" } },
    ),
    ["StorageClass.storage.k8s.io old"],
  ],
  [
    object("networking.k8s.io/v1 Ingress shop/web", {
      spec: {
        ingressClassName: "nginx",
        defaultBackend: { service: { name: "fallback", port: { number: 80 } } },
        tls: [{ hosts: ["a"], secretName: "tls" }, { hosts: ["b"] }],
        rules: [
          { http: { paths: [{ backend: { service: { name: "web", port: { number: 80 } } } }] } },
          { http: { paths: [{ backend: { service: { name: "ssl-redirect", port: { name: "use-annotation" } } } }] } },
          { http: { paths: [{ backend: { resource: { kind: "Bucket", name: "b" } } }] } },
          { host: "no paths" },
        ],
      },
    }),
    ["IngressClass.networking.k8s.io nginx", "Secret shop/tls", "Service shop/fallback", "Service shop/web"],
  ],
  [
    object("autoscaling/v2 HorizontalPodAutoscaler shop/web", {
      spec: { scaleTargetRef: { apiVersion: "extensions/v1beta1", kind: "Deployment", name: "web" } },
    }),
    ["Deployment.apps shop/web"],
  ],
  [
    object("rbac.authorization.k8s.io/v1 RoleBinding shop/b", { ...role("Role", "r"), ...runner }),
    ["Role.rbac.authorization.k8s.io shop/r", "ServiceAccount ci/runner"],
  ],
  [
    object("rbac.authorization.k8s.io/v1 ClusterRoleBinding b", { ...role("ClusterRole", "r"), ...runner }),
    ["ClusterRole.rbac.authorization.k8s.io r", "ServiceAccount ci/runner"],
  ],
  [object("admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration h", hook), ["Service hooks/hook"]],
  [object("admissionregistration.k8s.io/v1 MutatingWebhookConfiguration h", hook), ["Service hooks/hook"]],
  [
    object("apiregistration.k8s.io/v1 APIService v1.m", { spec: { service: { namespace: "kube-system", name: "m" } } }),
    ["Service kube-system/m"],
  ],
  [
    object("apiextensions.k8s.io/v1 CustomResourceDefinition c", {
      spec: { conversion: { webhook: { clientConfig: { service: { namespace: "hooks", name: "hook" } } } } },
    }),
    ["Service hooks/hook"],
  ],
  [object("apiextensions.k8s.io/v1 CustomResourceDefinition c", { spec: { conversion: { strategy: "None" } } }), []],
  [
    object("gateway.networking.k8s.io/v1 Gateway shop/g", {
      spec: {
        gatewayClassName: "acme",
        listeners: [
          {
            tls: { certificateRefs: [{ name: "tls" }, { name: "far", namespace: "certs" }, { kind: "X", name: "x" }] },
          },
        ],
      },
    }),
    ["GatewayClass.gateway.networking.k8s.io acme", "Secret certs/far", "Secret shop/tls"],
  ],
  [
    object("cert-manager.io/v1 Certificate shop/c", { spec: { issuerRef: { kind: "ClusterIssuer", name: "le" } } }),
    ["ClusterIssuer.cert-manager.io le"],
  ],
  [
    object("cert-manager.io/v1 Issuer shop/i", {
      spec: { acme: { privateKeySecretRef: { name: "account" } }, ca: { secretName: "ca" } },
    }),
    ["Secret shop/account", "Secret shop/ca"],
  ],
  [
    object("cert-manager.io/v1 ClusterIssuer le", { spec: { acme: { privateKeySecretRef: { name: "account" } } } }),
    ["Secret */account"],
  ],
  [object("acme.example/v1 Widget shop/w", { spec: { secretName: "s" } }), []],
];

describe("referencesOf", () => {
  it.each(cases.map(([it, refs]) => [it.kind, it, refs] as const))("finds what a %s names", (_, it, refs) => {
    expect(
      referencesOf(it)
        .map(({ to }) => refKey(to))
        .sort(),
    ).toEqual(refs);
  });

  it("is shown for every kind whose references are known", () => {
    const shown = new Set(cases.map(([it]) => kindKey(refOf(it))));
    expect(kindsWithReferences.filter((kind) => !shown.has(kind))).toEqual([]);
  });

  it.each(kindsWithReferences)("finds nothing, and breaks at nothing, in an empty %s", (key) => {
    const [kind = "", ...group] = key.split(".");
    const apiVersion = group.length === 0 ? "v1" : `${group.join(".")}/v1`;
    for (const spec of [undefined, null, {}, [], "x", { template: null, tls: [null], rules: [1], volumes: [null] }]) {
      expect(referencesOf({ apiVersion, kind, metadata: { name: "e", namespace: "n" }, spec })).toEqual([]);
    }
  });
});

const resources = [
  ...["Secret", "ConfigMap", "ServiceAccount", "Pod", "Service", "Endpoints"].map((kind) => resource(`v1 ${kind}`)),
  resource("v1 Namespace", { namespaced: false }),
  resource("apps/v1 Deployment"),
  resource("networking.k8s.io/v1 Ingress"),
  resource("rbac.authorization.k8s.io/v1 RoleBinding"),
  resource("rbac.authorization.k8s.io/v1 ClusterRole", { namespaced: false }),
  resource("cert-manager.io/v1 Issuer"),
  resource("cert-manager.io/v1 ClusterIssuer", { namespaced: false }),
];

async function plan(blue: KubeObject[], skip: Selector[] = []) {
  const source: ReplaySource = {
    kinds: resources.map((it) => ({ resource: it, count: 0 })),
    async *objects({ kind }: ApiResource) {
      yield* blue.filter((it) => it.kind === kind);
    },
  };
  const rules = rulesWith({ skip: skip.map((select, index) => ({ name: `skip-${index}`, reason: "r", select })) });
  return planReplay(source, { migrations: [], rules, changes: [] }, resources);
}
const told = async (blue: KubeObject[], skip: Selector[] = []) =>
  danglingReferences(await plan(blue, skip)).map(({ to, because, from }) => [
    refKey(to),
    because.kind === "left" ? because.by : because.kind,
    from.map(({ object: { kind, name }, field }) => `${kind} ${name} ${field}`),
  ]);

const deployment = (name: string, spec: unknown, namespace = "shop") =>
  object(`apps/v1 Deployment ${namespace}/${name}`, { spec: { template: { spec } } });
const pulling = { imagePullSecrets: [{ name: "pull" }] };

describe("danglingReferences", () => {
  it("says nothing where everything arrives", async () => {
    expect(await told([deployment("web", pulling), object("v1 Secret shop/pull")])).toEqual([]);
  });

  it("names what a rule of the team's leaves behind, once, with all that name it", async () => {
    const blue = [deployment("web", pulling), deployment("api", pulling), object("v1 Secret shop/pull")];
    expect(await told(blue, [{ kind: "Secret" }])).toEqual([
      [
        "Secret shop/pull",
        "skip-0",
        ["Deployment web spec.template.spec.imagePullSecrets", "Deployment api spec.template.spec.imagePullSecrets"],
      ],
    ]);
  });

  it("names what stays behind with its namespace, and is named from another one", async () => {
    const blue = [
      object("v1 Namespace ci"),
      object("v1 ServiceAccount ci/runner"),
      object("rbac.authorization.k8s.io/v1 RoleBinding shop/deploy", { ...role("ClusterRole", "edit"), ...runner }),
      object("rbac.authorization.k8s.io/v1 ClusterRole edit"),
    ];
    expect(await told(blue, [{ kind: "Namespace", name: "ci" }])).toEqual([
      ["ServiceAccount ci/runner", "namespace-left-behind", ["RoleBinding deploy subjects"]],
    ]);
  });

  it("names what blue has none of either", async () => {
    expect(await told([deployment("web", pulling)])).toEqual([
      ["Secret shop/pull", "never-there", [expect.stringContaining("Deployment web")]],
    ]);
  });

  it("names the token Secret that no version makes any more", async () => {
    const blue = [
      object("v1 ServiceAccount shop/ci", { secrets: [{ name: "ci-token-x7k2p" }] }),
      object(
        "v1 Secret shop/ci-token-x7k2p",
        { type: "kubernetes.io/service-account-token" },
        { annotations: { "kubernetes.io/service-account.name": "ci" } },
      ),
      deployment("ci", { volumes: [{ secret: { secretName: "ci-token-x7k2p" } }] }),
    ];
    expect(await told(blue)).toEqual([["Secret shop/ci-token-x7k2p", "automatic-token", [expect.any(String)]]]);
  });

  it("says nothing of what green has by itself", async () => {
    const bootstrap = { labels: { "kubernetes.io/bootstrapping": "rbac-defaults" } };
    const dns = object("v1 Service kube-system/kube-dns", { spec: { selector: { a: "b" } } });
    const backend = { http: { paths: [{ backend: { service: { name: "kube-dns" } } }] } };
    const blue = [
      deployment("web", { serviceAccountName: "default", priorityClassName: "system-node-critical" }),
      deployment("ca", { volumes: [{ configMap: { name: "kube-root-ca.crt" } }] }),
      object("rbac.authorization.k8s.io/v1 RoleBinding shop/view", role("ClusterRole", "view")),
      object("rbac.authorization.k8s.io/v1 ClusterRole view", {}, bootstrap),
      dns,
      object("networking.k8s.io/v1 Ingress kube-system/dns", { spec: { rules: [backend] } }),
    ];
    expect(await told(blue)).toEqual([]);
  });

  it("says nothing of kinds that blue doesn't serve", async () => {
    expect(await told([deployment("web", { runtimeClassName: "gvisor" })])).toEqual([]);
  });
});

describe("keys that others need", () => {
  const keys = [
    object(
      "v1 Secret kube-system/sealed-secrets-keyx7k2p",
      { type: "kubernetes.io/tls" },
      { labels: { "sealedsecrets.bitnami.com/sealed-secrets-key": "active" } },
    ),
    object("v1 Secret kube-system/letsencrypt-account", { type: "Opaque" }),
    object(
      "v1 Secret kube-system/registry",
      { type: "kubernetes.io/dockerconfigjson" },
      { labels: { "k8s-app": "coredns" } },
    ),
    object("v1 Secret kube-system/coredns", { type: "kubernetes.io/tls" }),
    object("v1 Secret cert-manager/le-account", { type: "Opaque" }),
    object("v1 Secret cert-manager/ca", { type: "kubernetes.io/tls" }),
    object("v1 Secret default/wildcard", { type: "kubernetes.io/tls" }),
  ];

  it("arrive from system namespaces, whatever they are called", async () => {
    const { prepared } = await plan([
      ...["kube-system", "default", "cert-manager"].map((name) => object(`v1 Namespace ${name}`)),
      ...keys,
    ]);
    const arriving = prepared.departures.map(({ source }) => refKey(source));
    expect(arriving).toEqual(expect.arrayContaining(keys.map((key) => refKey(refOf(key)))));
  });

  it("arrive also where kops labelled them", async () => {
    const labels = { "k8s-addon": "networking.weave" };
    const { prepared } = await plan([object("v1 Secret kube-system/weave-net", {}, { labels })]);
    expect(prepared.settled).toEqual([]);
  });

  it("are named where a rule of the team's leaves them behind and something that arrives needs them", async () => {
    const blue = [
      ...["kube-system", "default", "cert-manager", "shop"].map((name) => object(`v1 Namespace ${name}`)),
      ...keys,
      object("cert-manager.io/v1 Issuer kube-system/le", {
        spec: { acme: { privateKeySecretRef: { name: "letsencrypt-account" } } },
      }),
      object("cert-manager.io/v1 ClusterIssuer le", {
        spec: { acme: { privateKeySecretRef: { name: "le-account" } }, ca: { secretName: "nowhere" } },
      }),
      object("cert-manager.io/v1 Issuer cert-manager/ca", { spec: { ca: { secretName: "ca" } } }),
      object("networking.k8s.io/v1 Ingress default/web", { spec: { tls: [{ secretName: "wildcard" }] } }),
      object("v1 ServiceAccount kube-system/puller", { imagePullSecrets: [{ name: "registry" }] }),
    ];
    expect((await told(blue, [{ kind: "Secret" }])).map(([to]) => to)).toEqual([
      "Secret cert-manager/ca",
      "Secret cert-manager/le-account",
      "Secret default/wildcard",
      "Secret kube-system/letsencrypt-account",
      "Secret kube-system/registry",
    ]);
  });
});
