import { describe, expect, it } from "vitest";
import type { ApiResource, KubeObject } from "../../src/model/objects.js";
import { awaitLeft } from "../../src/replay/deployers/await-left.js";
import { type ConfiguredDeployer, leftRule } from "../../src/replay/deployers/configured.js";
import { groupsOf, idleEntries, leftBy } from "../../src/replay/deployers/groups.js";
import { deployerOf } from "../../src/replay/deployers/index.js";
import { Inventory } from "../../src/replay/inventory.js";
import { planReplay, type ReplayPlan, type ReplaySource } from "../../src/replay/replay.js";
import { rulesWith } from "../../src/replay/rules/index.js";
import { definition, object, resource } from "./objects.js";

const byHelm = (namespace: string, name: string) => ({
  labels: { "app.kubernetes.io/managed-by": "Helm" },
  annotations: { "meta.helm.sh/release-name": name, "meta.helm.sh/release-namespace": namespace },
});
const tracking = (id: string) => ({ annotations: { "argocd.argoproj.io/tracking-id": id } });
const instance = (name: string) => ({ labels: { "app.kubernetes.io/instance": name } });
const ownedBy = (uid: string) => ({
  ownerReferences: [{ apiVersion: "v1", kind: "Any", name: "any", uid, controller: true }],
});
const wrote = (manager: string, operation = "Update") => ({ managedFields: [{ manager, operation }] });
const release = (namespace: string, name: string) =>
  object(
    `v1 Secret ${namespace}/sh.helm.release.v1.${name}.v3`,
    { type: "helm.sh/release.v1" },
    { labels: { owner: "helm", name } },
  );
const config = (metadata: Partial<KubeObject["metadata"]>) => object("v1 ConfigMap shop/c", {}, metadata);

/** What the objects of the table refer to. */
const around = [
  object("argoproj.io/v1alpha1 Application argocd/web"),
  object("argoproj.io/v1alpha1 Application team/pay"),
  object("helm.toolkit.fluxcd.io/v2 HelmRelease flux-system/db", { spec: { targetNamespace: "data" } }),
  object("helm.toolkit.fluxcd.io/v2 HelmRelease flux-system/q", {
    spec: { releaseName: "queue", storageNamespace: "mq" },
  }),
  object("acme.example/v1 Widget shop/w", {}, { uid: "widget" }),
  object(
    "apps/v1 StatefulSet shop/db",
    { spec: { volumeClaimTemplates: [{ metadata: { name: "data" } }] } },
    byHelm("shop", "store"),
  ),
  release("shop", "store"),
];

const cases: [string, string, KubeObject][] = [
  ["Helm's marks", "helm shop/store", config(byHelm("shop", "store"))],
  ["Helm's annotations without its label", "nobody known", config({ annotations: byHelm("a", "b").annotations })],
  ["a chart of Helm 2", "helm old", config({ labels: { heritage: "Tiller", release: "old" } })],
  ["a release's history", "helm shop/web", release("shop", "web")],
  [
    "the history that Tiller kept",
    "helm old",
    object("v1 ConfigMap kube-system/old.v2", {}, { labels: { OWNER: "TILLER", NAME: "old" } }),
  ],
  ["a hook of a release", "helm shop/store", config({ ...instance("store"), annotations: { "helm.sh/hook": "test" } })],
  ["a hook of no release", "nobody known", config({ ...instance("gone"), annotations: { "helm.sh/hook": "test" } })],
  ["Argo CD's tracking", "argo-cd argocd/web", config(tracking("web:/ConfigMap:shop/c"))],
  ["Argo CD in any namespace", "argo-cd team/pay", config(tracking("team_pay:/ConfigMap:shop/c"))],
  ["Argo CD in another cluster", "argo-cd far", config(tracking("far:/ConfigMap:shop/c"))],
  ["tracking that was copied from another object", "nobody known", config(tracking("web:apps/Deployment:shop/web"))],
  ["tracking that is no tracking", "nobody known", config(tracking("web"))],
  ["the label that Argo CD and charts share", "argo-cd argocd/web", config(instance("web"))],
  ["the same label, where no Application has the name", "nobody known", config(instance("store"))],
  [
    "a Kustomization",
    "flux Kustomization flux-system/apps",
    config({
      labels: {
        "kustomize.toolkit.fluxcd.io/name": "apps",
        "kustomize.toolkit.fluxcd.io/namespace": "flux-system",
      },
    }),
  ],
  [
    "a HelmRelease, which has Helm render it",
    "flux HelmRelease flux-system/db",
    config({
      ...byHelm("data", "data-db"),
      labels: {
        "app.kubernetes.io/managed-by": "Helm",
        "helm.toolkit.fluxcd.io/name": "db",
        "helm.toolkit.fluxcd.io/namespace": "flux-system",
      },
    }),
  ],
  ["the history of Flux's release", "flux HelmRelease flux-system/db", release("flux-system", "data-db")],
  ["the history of Flux's release elsewhere", "flux HelmRelease flux-system/q", release("mq", "queue")],
  ["a controlling owner", "operator Widget.acme.example", config({ ...ownedBy("widget"), ...instance("web") })],
  ["an owner that nobody listed", "nobody known", config(ownedBy("nobody"))],
  [
    "OLM",
    "operator ClusterServiceVersion.operators.coreos.com",
    config({ labels: { "olm.owner": "etcd.v1", "olm.owner.kind": "ClusterServiceVersion" } }),
  ],
  [
    "cert-manager",
    "operator Certificate.cert-manager.io",
    object("v1 Secret shop/tls", {}, { annotations: { "cert-manager.io/certificate-name": "tls" } }),
  ],
  ["Pulumi", "pulumi", config(wrote("pulumi-kubernetes-12ab"))],
  ["Terraform", "terraform", config({ labels: { "app.kubernetes.io/managed-by": "terraform" } })],
  [
    "kubectl apply",
    "kubectl apply",
    config({ annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{}" } }),
  ],
  ["kubectl apply, by its manager", "kubectl apply", config(wrote("kubectl-client-side-apply"))],
  ["kubectl apply on the server's side", "kubectl apply", config(wrote("kubectl", "Apply"))],
  ["kubectl edit", "nobody known", config(wrote("kubectl-edit"))],
  ["kubectl create", "nobody known", config(wrote("kubectl"))],
  ["nothing at all", "nobody known", config({})],
  ["the set whose template a claim is of", "helm shop/store", object("v1 PersistentVolumeClaim shop/data-db-0")],
  ["a claim of nobody's", "nobody known", object("v1 PersistentVolumeClaim shop/data-db")],
];

describe("deployerOf", () => {
  it.each(cases)("%s: %s", (_, id, it) => {
    const inventory = new Inventory([], []);
    for (const other of [...around, it]) inventory.add(other);
    expect(deployerOf(it, inventory).id).toBe(id);
  });
});

const resources = [
  resource("v1 Namespace", { namespaced: false }),
  resource("v1 ConfigMap"),
  resource("v1 Secret"),
  resource("v1 Pod"),
  resource("apps/v1 Deployment"),
  resource("argoproj.io/v1alpha1 Application"),
  resource("acme.example/v1 Widget"),
  resource("apiextensions.k8s.io/v1 CustomResourceDefinition", { namespaced: false }),
];
const blue: KubeObject[] = [
  object("v1 Namespace shop", {}, { ...byHelm("shop", "web") }),
  object("v1 Namespace default"),
  object("argoproj.io/v1alpha1 Application argocd/pay", {}, byHelm("shop", "web")),
  {
    ...definition("Widget", "acme.example", ["v1"]),
    metadata: { name: "widgets.acme.example", ...byHelm("shop", "web") },
  },
  object("acme.example/v1 Widget shop/w", {}, byHelm("shop", "web")),
  object("apps/v1 Deployment shop/web", {}, { ...byHelm("shop", "web"), uid: "web" }),
  object("v1 Pod shop/web-1", {}, ownedBy("web")),
  release("shop", "web"),
  object("v1 ConfigMap shop/cart", {}, byHelm("shop", "cart")),
  object("v1 ConfigMap shop/by-hand"),
  object("v1 Secret shop/by-hand"),
];
const source: ReplaySource = {
  kinds: resources.map((it) => ({ resource: it, count: 0 })),
  async *objects({ kind }: ApiResource) {
    yield* blue.filter((it) => it.kind === kind);
  },
};
const entry = (deployer: string, handling: "copy" | "leave" = "leave", timeoutMs = 1000): ConfiguredDeployer => ({
  deployer,
  handling,
  timeoutMs,
});
const planWith = (deployers: ConfiguredDeployer[]): Promise<ReplayPlan> =>
  planReplay(source, { migrations: [], rules: rulesWith({ skip: [], deployers }), changes: [] }, resources);
const leftOf = (plan: ReplayPlan): string[] =>
  plan.prepared.settled.filter(({ by }) => by === leftRule).map(({ object: { kind, name } }) => `${kind} ${name}`);

describe("groups of what a deployer made", () => {
  it("count what is copied, show all that nobody deploys, and leave out what blue makes itself", async () => {
    expect(groupsOf(await planWith([]))).toEqual([
      { id: "helm shop/cart", kind: "helm", handling: "copy", objects: 1, examples: ["ConfigMap shop/cart"] },
      expect.objectContaining({ id: "helm shop/web", handling: "copy", objects: 6 }),
      {
        id: "nobody known",
        kind: "hand",
        handling: "copy",
        objects: 2,
        examples: ["ConfigMap shop/by-hand", "Secret shop/by-hand"],
      },
    ]);
  });

  it("are left where the configuration says so, with the release's own record; never what others need first", async () => {
    const plan = await planWith([entry("helm shop/w*")]);
    expect(leftOf(plan).sort()).toEqual(["Deployment web", "Secret sh.helm.release.v1.web.v3", "Widget w"]);
    expect(groupsOf(plan).map(({ id, handling, objects }) => [id, handling, objects])).toEqual([
      ["helm shop/cart", "copy", 1],
      ["helm shop/web", "copy", 3],
      ["helm shop/web", "leave", 3],
      ["nobody known", "copy", 2],
    ]);
  });

  it("are decided over by the first entry that fits, and nobody's are never left", async () => {
    expect(leftOf(await planWith([entry("helm shop/web", "copy"), entry("helm *")]))).toEqual(["ConfigMap cart"]);
    expect(leftOf(await planWith([entry("nobody*")]))).toEqual([]);
    const all = await planWith([entry("*")]);
    expect(leftOf(all)).not.toContain("ConfigMap by-hand");
    expect(leftOf(all).length).toBeGreaterThan(3);
  });

  it("show which entries fit no deployer", async () => {
    const entries = [entry("helm shop/web"), entry("helm shp/*")];
    expect(idleEntries(groupsOf(await planWith(entries)), entries)).toEqual(["helm shp/*"]);
  });
});

describe("awaitLeft", () => {
  /** A green on which each object comes at the nth look at it. */
  const green = (comesAt: Record<string, number>) => {
    const looks: Record<string, number> = {};
    return {
      looks,
      async get(_: ApiResource, name: string) {
        looks[name] = (looks[name] ?? 0) + 1;
        return (comesAt[name] ?? Number.POSITIVE_INFINITY) <= looks[name] ? object(`v1 Any ${name}`) : undefined;
      },
    };
  };
  const waitFor = async (comesAt: Record<string, number>, entries: ConfiguredDeployer[], signal?: AbortSignal) => {
    const plan = await planWith(entries);
    const progress: [number, number][] = [];
    const server = green(comesAt);
    const awaited = await awaitLeft(leftBy(plan, entries), plan, {
      green: server as never,
      pollMs: 1,
      ...(signal && { signal }),
      onProgress: (come, total) => progress.push([come, total]),
    });
    return { awaited, progress, looks: server.looks };
  };
  const name = "sh.helm.release.v1.web.v3";

  it("waits until all has come, asking no more for what is there", async () => {
    const { awaited, progress, looks } = await waitFor({ web: 1, [name]: 3, w: 2 }, [entry("helm shop/web")]);
    expect(awaited).toEqual({ left: 3, come: 3, missing: [] });
    expect(progress).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    expect(looks).toEqual({ web: 1, [name]: 3, w: 2 });
  });

  it("names what has not come in its deployer's time, and who should have brought it", async () => {
    const entries = [entry("helm shop/cart", "leave", 60_000), entry("helm shop/web", "leave", 1)];
    const { awaited } = await waitFor({ web: 1, [name]: 1, cart: 30 }, entries);
    expect(awaited).toEqual({
      left: 4,
      come: 3,
      missing: [{ object: "Widget.acme.example shop/w", deployer: "helm shop/web" }],
    });
  });

  it("stops when it's told to", async () => {
    const stop = AbortSignal.timeout(20);
    await expect(waitFor({}, [entry("helm *", "leave", 60_000)], stop)).rejects.toThrow(/abort|timeout/i);
  });
});
