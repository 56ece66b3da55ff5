import { describe, expect, it } from "vitest";
import type { JsonObject, KubeObject } from "../../src/model/objects.js";
import { merging, neverOverruled, overrulable } from "../../src/model/rule-names.js";
import { Inventory } from "../../src/replay/inventory.js";
import { ruleFor, rules, rulesWith } from "../../src/replay/rules/index.js";
import type { ConfiguredKeep } from "../../src/replay/rules/kept.js";
import { definition, object, resource } from "./objects.js";

/** What the objects of the table refer to. */
const around: KubeObject[] = [
  object("apps/v1 Deployment shop/web", {}, { uid: "deployment" }),
  object("apps/v1 ReplicaSet shop/web-1", {}, { uid: "replica-set" }),
  object("acme.example/v1 Widget shop/w", {}, { uid: "widget" }),
  object("v1 Service shop/web", { spec: { selector: { app: "web" } } }, { uid: "service" }),
  object("v1 Service shop/outside", { spec: {} }),
  object("v1 ServiceAccount shop/ci", { secrets: [{ name: "ci-token-x7k2p" }] }),
  object("v1 Namespace going", {}, { deletionTimestamp: "2026-01-01T00:00:00Z" }),
  { ...definition("Gone", "left.example", ["v1"]), metadata: { name: "gones.left.example", deletionTimestamp: "x" } },
];
const owned = (uid: string, kind: string, controller = true) => ({
  ownerReferences: [{ apiVersion: "apps/v1", kind, name: "x", uid, controller }],
});
const provisioned = { annotations: { "pv.kubernetes.io/provisioned-by": "ebs.csi.aws.com" } };
const finished = { status: { conditions: [{ type: "Complete", status: "True" }] } };
const token = { type: "kubernetes.io/service-account-token" };
const ofCi = { annotations: { "kubernetes.io/service-account.name": "ci" } };
const bootstrap = { labels: { "kubernetes.io/bootstrapping": "rbac-defaults" } };
const bootstrapped = (what: string, fields: JsonObject) =>
  object(`rbac.authorization.k8s.io/v1 ${what}`, fields, bootstrap);
const subjects = (kind: string, name: string) => ({ subjects: [{ kind, name, namespace: "kube-system" }] });
const ours = (...namespaces: string[]) => ({
  subjects: namespaces.map((namespace) => ({ kind: "ServiceAccount", name: "clustershift-blue", namespace })),
});
const succeeded = (status: string) => ({ status: { conditions: [{ type: "Succeeded", status }] } });
const managedEndpoints = { labels: { "endpoints.kubernetes.io/managed-by": "endpoint-controller" } };

const cases: [rule: string | undefined, KubeObject][] = [
  ["being-deleted", object("v1 ConfigMap shop/a", {}, { deletionTimestamp: "2026-01-01T00:00:00Z" })],
  ["own-state", object("v1 ConfigMap clustershift/run")],
  ["own-state", object("v1 Namespace clustershift")],
  ["own-identity", object("rbac.authorization.k8s.io/v1 ClusterRole clustershift-blue")],
  ["own-identity", object("rbac.authorization.k8s.io/v1 ClusterRoleBinding clustershift-green")],
  ["own-identity", object("rbac.authorization.k8s.io/v1 RoleBinding shop/reads", ours("clustershift"))],
  [undefined, object("rbac.authorization.k8s.io/v1 RoleBinding shop/reads", ours("shop"))],
  [undefined, object("rbac.authorization.k8s.io/v1 RoleBinding shop/reads", ours("clustershift", "shop"))],
  [undefined, object("rbac.authorization.k8s.io/v1 ClusterRoleBinding nobody")],
  ["per-cluster-kind", object("v1 Node n1")],
  ["per-cluster-kind", object("v1 Event shop/e")],
  ["namespace-left-behind", object("v1 ConfigMap going/a")],
  ["definition-left-behind", object("left.example/v1 Gone shop/a")],
  [
    "leader-election",
    object("v1 Endpoints shop/lock", {}, { annotations: { "control-plane.alpha.kubernetes.io/leader": "{}" } }),
  ],
  ["mirror-pod", object("v1 Pod kube-system/etcd", {}, { annotations: { "kubernetes.io/config.mirror": "x" } })],
  ["mirror-pod", object("v1 Pod kube-system/etcd", {}, owned("node", "Node"))],
  ["finished-pod", object("v1 Pod shop/once", { status: { phase: "Succeeded" } })],
  [undefined, object("v1 Pod shop/running", { status: { phase: "Running" } })],
  ["finished-job", object("batch/v1 Job shop/once", finished)],
  [undefined, object("batch/v1 Job shop/at-work", { status: { conditions: [{ type: "Complete", status: "False" }] } })],
  ["volumes-later", object("v1 PersistentVolume pvc-1", { spec: { csi: {} } }, provisioned)],
  ["volumes-later", object("v1 PersistentVolume by-hand", { spec: { awsElasticBlockStore: {} } })],
  ["volumes-later", object("v1 PersistentVolume pvc-2", { spec: { nfs: {} } }, provisioned)],
  [undefined, object("v1 PersistentVolume share", { spec: { nfs: {} } })],
  ["snapshots-later", object("snapshot.storage.k8s.io/v1 VolumeSnapshot shop/s")],
  ["velero-operation", object("velero.io/v1 DeleteBackupRequest velero/d")],
  [undefined, object("velero.io/v1 Schedule velero/nightly")],
  ["certificate-request", object("acme.cert-manager.io/v1 Order shop/o")],
  ["certificate-request", object("certmanager.k8s.io/v1alpha1 Challenge shop/c")],
  [undefined, object("cert-manager.io/v1 Certificate shop/c")],
  ["finished-run", object("argoproj.io/v1alpha1 Workflow shop/w", { status: { phase: "Succeeded" } })],
  ["finished-run", object("tekton.dev/v1 TaskRun shop/t", succeeded("False"))],
  ["finished-run", object("operators.coreos.com/v1alpha1 InstallPlan shop/i", { status: { phase: "Complete" } })],
  [undefined, object("argoproj.io/v1alpha1 Workflow shop/w", { status: { phase: "Running" } })],
  [undefined, object("tekton.dev/v1 TaskRun shop/t", succeeded("Unknown"))],
  [undefined, object("acme.example/v1 Widget shop/w2", { status: { phase: "Succeeded" } })],
  ["cloud-resource", object("s3.services.k8s.aws/v1alpha1 Bucket shop/b")],
  [undefined, object("services.k8s.aws/v1alpha1 FieldExport shop/b")],
  ["cloud-resource", object("sql.cnrm.cloud.google.com/v1beta1 SQLInstance shop/b")],
  [undefined, object("core.cnrm.cloud.google.com/v1beta1 ConfigConnector c")],
  ["cloud-resource", object("infrastructure.cluster.x-k8s.io/v1beta1 AWSMachine shop/m")],
  ["cloud-resource", object("elbv2.k8s.aws/v1beta1 TargetGroupBinding shop/web")],
  [undefined, object("elbv2.k8s.aws/v1beta1 IngressClassParams alb")],
  [
    "cloud-resource",
    object("acme.example/v1 Bucket b", {}, { finalizers: ["finalizer.managedresource.crossplane.io"] }),
  ],
  [
    "cloud-resource",
    object(
      "acme.example/v1 Bucket b",
      { spec: { providerConfigRef: { name: "default" } } },
      { annotations: { "crossplane.io/external-name": "b-1" } },
    ),
  ],
  [
    undefined,
    object(
      "apiextensions.crossplane.io/v1 CompositeResourceDefinition x",
      {},
      { finalizers: ["defined.apiextensions.crossplane.io"] },
    ),
  ],
  [
    "leader-election",
    object(
      "v1 ConfigMap shop/operator-lock",
      {},
      { ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "operator-1", uid: "p" }] },
    ),
  ],
  [
    undefined,
    object(
      "v1 ConfigMap shop/of-a-pod",
      { data: { a: "b" } },
      { ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "operator-1", uid: "p" }] },
    ),
  ],
  ["bootstrap-token", object("v1 Secret kube-system/bootstrap-token-abc", { type: "bootstrap.kubernetes.io/token" })],
  ["installer-config", object("v1 ConfigMap kube-system/kubeadm-config")],
  [undefined, object("v1 ConfigMap shop/kubeadm-config")],
  ["made-by-owner", object("apps/v1 ReplicaSet shop/web-1", {}, owned("deployment", "Deployment"))],
  ["made-by-owner", object("v1 Pod shop/web-1-x", {}, owned("replica-set", "ReplicaSet"))],
  ["made-by-owner", object("v1 Pod shop/strange", {}, owned("widget", "Widget"))],
  [undefined, object("apps/v1 ReplicaSet shop/rollout", {}, owned("widget", "Widget"))],
  [undefined, object("apps/v1 ReplicaSet shop/orphan", {}, owned("nobody-listed", "Deployment"))],
  [undefined, object("v1 ConfigMap shop/owned", {}, owned("deployment", "Deployment"))],
  [undefined, object("apps/v1 ReplicaSet shop/not-controlled", {}, owned("deployment", "Deployment", false))],
  ["api-server-service", object("v1 Service default/kubernetes")],
  [undefined, object("v1 Service shop/kubernetes")],
  ["endpoints-of-selector", object("v1 Endpoints shop/web")],
  [undefined, object("v1 Endpoints shop/outside")],
  [
    "endpoint-slice-of-service",
    object(
      "discovery.k8s.io/v1 EndpointSlice shop/web-x",
      {},
      { labels: { "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io" } },
    ),
  ],
  [
    undefined,
    object(
      "discovery.k8s.io/v1 EndpointSlice shop/by-hand",
      {},
      { labels: { "endpointslice.kubernetes.io/managed-by": "acme" } },
    ),
  ],
  ["automatic-token", object("v1 Secret shop/ci-token-x7k2p", token, ofCi)],
  [undefined, object("v1 Secret shop/ci-token", token, ofCi)],
  [undefined, object("v1 Secret shop/ci-token-zzzzz", token, ofCi)],
  ["endpoints-of-selector", object("v1 Endpoints shop/gone", {}, managedEndpoints)],
  ["root-ca", object("v1 ConfigMap shop/kube-root-ca.crt")],
  ["root-ca", object("v1 ConfigMap shop/istio-ca-root-cert", {}, { labels: { "istio.io/config": "true" } })],
  [undefined, object("v1 ConfigMap shop/istio-ca-root-cert")],
  [
    "root-ca",
    object("certificates.k8s.io/v1beta1 ClusterTrustBundle t", {
      spec: { signerName: "kubernetes.io/kube-apiserver-serving" },
    }),
  ],
  [undefined, object("certificates.k8s.io/v1beta1 ClusterTrustBundle t", { spec: { signerName: "acme.example/ca" } })],
  [
    "copied-by-olm",
    object("operators.coreos.com/v1alpha1 ClusterServiceVersion shop/c", {}, { labels: { "olm.copiedFrom": "olm" } }),
  ],
  ["system-config", object("v1 ConfigMap kube-system/extension-apiserver-authentication")],
  ["controller-account", object("v1 ServiceAccount kube-system/deployment-controller")],
  [undefined, object("v1 ServiceAccount shop/deployment-controller")],
  [
    "bootstrap-rbac",
    object(
      "rbac.authorization.k8s.io/v1 ClusterRole view",
      {},
      { ...bootstrap, managedFields: [{ manager: "kube-apiserver" }] },
    ),
  ],
  [
    "edited-rbac",
    object(
      "rbac.authorization.k8s.io/v1 ClusterRole view",
      {},
      { ...bootstrap, managedFields: [{ manager: "kubectl" }] },
    ),
  ],
  [
    "edited-rbac",
    object(
      "rbac.authorization.k8s.io/v1 ClusterRole view",
      {},
      { ...bootstrap, annotations: { "rbac.authorization.kubernetes.io/autoupdate": "false" } },
    ),
  ],
  // Before 1.18 nobody recorded who wrote: what no version's defaults have in them was added.
  ["edited-rbac", bootstrapped("ClusterRole edit", { rules: [{ apiGroups: ["acme.example"], resources: ["*"] }] })],
  ["edited-rbac", bootstrapped("ClusterRole edit", { rules: [{ apiGroups: ["cluster.x-k8s.io"] }] })],
  ["bootstrap-rbac", bootstrapped("ClusterRole edit", { rules: [{ apiGroups: ["", "apps", "settings.k8s.io"] }] })],
  [
    "bootstrap-rbac",
    bootstrapped("ClusterRole edit", { aggregationRule: {}, rules: [{ apiGroups: ["acme.example"] }] }),
  ],
  ["edited-rbac", bootstrapped("ClusterRoleBinding cluster-admin", subjects("Group", "acme:admins"))],
  ["edited-rbac", bootstrapped("ClusterRoleBinding cluster-admin", subjects("Group", "system:serviceaccounts:ci"))],
  ["edited-rbac", bootstrapped("ClusterRoleBinding cluster-admin", subjects("ServiceAccount", "tiller"))],
  ["bootstrap-rbac", bootstrapped("ClusterRoleBinding cluster-admin", subjects("Group", "system:masters"))],
  ["bootstrap-rbac", bootstrapped("ClusterRoleBinding system:kube-dns", subjects("ServiceAccount", "kube-dns"))],
  [undefined, object("rbac.authorization.k8s.io/v1 ClusterRole mine")],
  [
    "bootstrap-flow-control",
    object(
      "flowcontrol.apiserver.k8s.io/v1 FlowSchema system-nodes",
      {},
      { annotations: { "apf.kubernetes.io/autoupdate-spec": "true" } },
    ),
  ],
  [
    "bootstrap-flow-control",
    object(
      "flowcontrol.apiserver.k8s.io/v1beta1 FlowSchema system-leader-election",
      {},
      {
        managedFields: [
          { manager: "api-priority-and-fairness-config-consumer-v1" },
          { manager: "api-priority-and-fairness-config-producer-v1" },
        ],
      },
    ),
  ],
  [
    undefined,
    object(
      "flowcontrol.apiserver.k8s.io/v1beta1 FlowSchema system-leader-election",
      {},
      { managedFields: [{ manager: "api-priority-and-fairness-config-producer-v1" }, { manager: "kubectl-edit" }] },
    ),
  ],
  [
    "edited-flow-control",
    object(
      "flowcontrol.apiserver.k8s.io/v1 FlowSchema system-nodes",
      {},
      { annotations: { "apf.kubernetes.io/autoupdate-spec": "false" } },
    ),
  ],
  ["system-priority-class", object("scheduling.k8s.io/v1 PriorityClass system-node-critical")],
  [
    "local-api-service",
    object(
      "apiregistration.k8s.io/v1 APIService v1.apps",
      {},
      { labels: { "kube-aggregator.kubernetes.io/automanaged": "onstart" } },
    ),
  ],
  [
    undefined,
    object("apiregistration.k8s.io/v1 APIService v1beta1.metrics.k8s.io", { spec: { service: { name: "m" } } }),
  ],
  ["default-namespace", object("v1 Namespace kube-system")],
  ["default-account", object("v1 ServiceAccount shop/default")],
  ["kops-add-on", object("apps/v1 Deployment kube-system/x", {}, { labels: { "k8s-addon": "coredns.addons.k8s.io" } })],
  [
    undefined,
    object("storage.k8s.io/v1 StorageClass gp2", {}, { labels: { "k8s-addon": "storage-aws.addons.k8s.io" } }),
  ],
  ["network-add-on", object("apps/v1 DaemonSet kube-system/kube-proxy")],
  ["network-add-on", object("rbac.authorization.k8s.io/v1 ClusterRole calico-node")],
  ["installer-rbac", object("rbac.authorization.k8s.io/v1 ClusterRole eks:addon-manager")],
  ["installer-rbac", object("rbac.authorization.k8s.io/v1 RoleBinding kube-system/kubeadm:nodes-kubeadm-config")],
  [undefined, object("apps/v1 DaemonSet shop/kube-proxy")],
  // Keys that others need are not lost to a rule about system namespaces.
  [undefined, object("v1 Secret kube-system/sealed-secrets-key", { type: "kubernetes.io/tls" })],
];

describe("rules", () => {
  it.each(cases.map(([rule, it]) => [rule ?? "no rule", `${it.kind} ${it.metadata.name}`, it] as const))(
    "%s decides over %s",
    (rule, _, it) => {
      const inventory = new Inventory(rules, [resource("v1 Pod")]);
      for (const other of [...around, it]) inventory.add(other);
      expect(ruleFor(it, rules, inventory)?.id ?? "no rule").toBe(rule);
    },
  );

  it("are each shown by a case", () => {
    const shown = new Set(cases.map(([rule]) => rule));
    expect(rules.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([]);
  });

  it("have ids of their own, and say why in a sentence", () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    for (const { reason } of rules) expect(reason).toMatch(/^[A-Z].*\.$/);
  });

  it("are those that a configuration may name, or not", () => {
    const ids = [...rules.map(({ id }) => id), "left-to-deployer", "left-to-velero"].sort();
    expect([...Object.keys(neverOverruled), ...overrulable, ...merging].sort()).toEqual(ids);
  });

  it("that add to green's own are the ones that say so", () => {
    expect(rules.filter(({ ending }) => ending === "merged").map(({ id }) => id)).toEqual([...merging]);
  });

  it("let a kind be copied whose definition stays behind where green serves it itself", () => {
    const inventory = new Inventory(rules, [resource("left.example/v1 Gone")]);
    for (const other of around) inventory.add(other);
    expect(ruleFor(object("left.example/v1 Gone shop/a"), rules, inventory)).toBeUndefined();
  });
});

it("leave to Velero what the plan does, and no claim beside it; what blue deletes is left to nobody", () => {
  const its = rulesWith({ skip: [], velero: new Set(["PersistentVolumeClaim shop/data"]) });
  const inventory = new Inventory(its, []);
  const decide = (it: KubeObject) => ruleFor(it, its, inventory)?.id;
  expect(decide(object("v1 PersistentVolumeClaim shop/data"))).toBe("left-to-velero");
  expect(decide(object("v1 PersistentVolumeClaim shop/other"))).toBeUndefined();
  expect(decide(object("v1 Secret shop/data"))).toBeUndefined();
  const going = object("v1 PersistentVolumeClaim shop/data", {}, { deletionTimestamp: "2026-01-01T00:00:00Z" });
  expect(decide(going)).toBe("being-deleted");
});

describe("rules of a team's own", () => {
  const own = rulesWith({
    skip: [
      { name: "no-ci", reason: "CI moves by itself.", select: { namespace: "ci" } },
      { name: "no-route", reason: "Old.", select: { group: "old.example", kind: "Route", name: "r1" } },
    ],
  });
  const decide = (it: KubeObject) => {
    const inventory = new Inventory(own, []);
    inventory.add(object("v1 Namespace ci"));
    inventory.add(it);
    return ruleFor(it, own, inventory)?.id;
  };

  it.each([
    ["no-ci", object("v1 Namespace ci")],
    ["no-ci", object("v1 ServiceAccount ci/default")],
    ["no-route", object("old.example/v1 Route shop/r1")],
    [undefined, object("old.example/v1 Route shop/r2")],
    [undefined, object("new.example/v1 Route shop/r1")],
    ["default-account", object("v1 ServiceAccount shop/default")],
  ])("%s decides first", (rule, it) => {
    expect(decide(it)).toBe(rule);
  });
});

describe("what a team keeps", () => {
  const skip = [{ name: "no-ops", reason: "Old.", select: { namespace: "ops" } }];
  const decide = (it: KubeObject, keep: ConfiguredKeep) => {
    const own = rulesWith({ skip, keep: [keep] });
    const inventory = new Inventory(own, []);
    for (const other of [...around, object("v1 Namespace ops"), it]) inventory.add(other);
    return ruleFor(it, own, inventory)?.id;
  };
  const keep = (select: ConfiguredKeep["select"], rule?: string): ConfiguredKeep => ({
    name: "k",
    reason: "r",
    select,
    rule,
  });
  const proxy = object("v1 ConfigMap kube-system/kube-proxy");
  const secret = object("v1 Secret ops/key");
  const view = bootstrapped("ClusterRole view", {});

  it.each<[string, KubeObject, ConfiguredKeep, string | undefined]>([
    ["is copied", proxy, keep({ name: "kube-proxy" }), undefined],
    ["is copied although one rule says otherwise", proxy, keep({ name: "kube-proxy" }, "network-add-on"), undefined],
    [
      "stays behind by another rule than the one it names",
      proxy,
      keep({ name: "kube-proxy" }, "kops-add-on"),
      "network-add-on",
    ],
    ["stays behind where it isn't what was selected", proxy, keep({ name: "kube-dns" }), "network-add-on"],
    ["is kept from the team's own rule too", object("v1 Namespace ops"), keep({ kind: "Namespace" }), undefined],
    ["stays behind with its namespace", secret, keep({ kind: "Secret" }), "namespace-left-behind"],
    ["stays behind where a copy would do harm", object("v1 PersistentVolume p"), keep({ name: "p" }), "volumes-later"],
    ["is merged where green has its own", view, keep({ name: "view" }), "edited-rbac"],
    ["is merged all the same", object("v1 ServiceAccount shop/default"), keep({ name: "default" }), "default-account"],
  ])("%s", (_, it, kept, rule) => {
    expect(decide(it, kept)).toBe(rule);
  });

  it("comes with its namespace where both are kept", () => {
    expect(decide(secret, keep({ namespace: "ops" }))).toBeUndefined();
  });
});
