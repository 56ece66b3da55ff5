import { describe, expect, it } from "vitest";
import { ownTablesOf } from "../../../bench/table.js";
import type { Backed } from "../../../bench/velero/archive.js";
import { type Fate, fateOf } from "../../../bench/velero/fates.js";
import { groupOfObject } from "../../../bench/velero/groups.js";
import { putByVelero, saidByClustershift, saidByVelero } from "../../../bench/velero/said.js";
import { actingTable, apart, fatesTable, type Judged, othersTable, reasonsTable } from "../../../bench/velero/table.js";
import { type KubeObject, kindKey, refKey, refOf } from "../../../src/model/objects.js";

function object(apiVersion: string, kind: string, name: string, metadata: object = {}, rest: object = {}): KubeObject {
  return { apiVersion, kind, metadata: { name, namespace: "shop", ...metadata }, ...rest };
}
function backed(...versions: [KubeObject, ...KubeObject[]]): Backed {
  const ref = refOf(versions[0]);
  return { key: refKey(ref), kind: kindKey(ref), ref, versions };
}
const managed = (...managers: string[]) => ({ managedFields: managers.map((manager) => ({ manager })) });
const owned = (apiVersion: string) => ({
  ownerReferences: [{ apiVersion, kind: "X", name: "x", uid: "1", controller: true }],
});

describe("groupOfObject", () => {
  it.each([
    ["made", object("v1", "ConfigMap", "a", managed("kubectl"))],
    ["made", object("apps/v1", "Deployment", "a", managed("kubectl", "kube-controller-manager"))],
    ["made", object("v1", "ServiceAccount", "web")],
    ["made", object("v1", "PersistentVolumeClaim", "data-0", managed("kube-controller-manager"))],
    // Nobody knows whether an operator makes it anew.
    ["made", object("v1", "Secret", "tls", { ...managed("controller"), ...owned("cert-manager.io/v1") })],
    ["derived", object("v1", "Pod", "web-1", { ...managed("kube-controller-manager"), ...owned("apps/v1") })],
    ["derived", object("v1", "Endpoints", "web", managed("kube-controller-manager"))],
    ["derived", object("v1", "ServiceAccount", "default")],
    ["own", object("v1", "Node", "n1", managed("kubelet", "unknown"))],
    ["own", object("v1", "Namespace", "default", managed("kube-apiserver"))],
    ["add-on", object("v1", "ConfigMap", "coredns", { ...managed("kubectl"), namespace: "kube-system" })],
    ["velero", object("velero.io/v1", "Backup", "b", managed("velero-server"))],
    ["velero", object("v1", "Secret", "velero-repo-credentials", { ...managed("velero-server"), namespace: "velero" })],
    ["made", object("v1", "ConfigMap", "velero-dashboards", managed("kubectl"))],
  ])("%s: %j", (group, each) => {
    const pristine = new Set([refKey(refOf(object("v1", "Namespace", "default")))]);
    expect(groupOfObject(backed(each), pristine)).toBe(group);
  });
});

describe("fateOf", () => {
  const one = backed(
    object("autoscaling/v2", "HorizontalPodAutoscaler", "web", {}, { spec: { maxReplicas: 3 } }),
    object("autoscaling/v1", "HorizontalPodAutoscaler", "web", {}, { spec: { max: 3 } }),
  );
  const silent = () => ({ fate: "lost" as const, why: [] });
  const fate = (green?: KubeObject) =>
    fateOf(one, { found: new Map(green && [[one.key, green]]), control: new Map(), live: new Set() }, silent);

  it("compares in the version that green was read in", () => {
    expect(fate(one.versions[1])).toMatchObject({ fate: "arrived", why: [] });
    expect(fate(object("autoscaling/v1", "HorizontalPodAutoscaler", "web", {}, { spec: { max: 4 } }))).toMatchObject({
      fate: "changed",
      why: ["spec.max"],
    });
    expect(fate(object("autoscaling/v9", "HorizontalPodAutoscaler", "web"))).toMatchObject({
      fate: "arrived",
      converted: true,
    });
  });

  it("doesn't hold a tool's own labels against it, and tells them", () => {
    const labels = { "velero.io/restore-name": "r" };
    expect(
      fate({ ...object("autoscaling/v2", "HorizontalPodAutoscaler", "web", { labels }), spec: { maxReplicas: 3 } }),
    ).toEqual({ kind: one.kind, fate: "arrived", why: [], marked: true });
  });

  it("asks the tool where there is none", () => {
    expect(fate()).toEqual({ kind: one.kind, fate: "lost", why: [] });
  });
});

const results = {
  phase: "PartiallyFailed",
  errors: ["error restoring podsecuritypolicies.policy/acme-1: the server could not find the requested resource"],
  warnings: ["could not restore, ConfigMap:settings already exists. Warning: it is different"],
  items: { "v1/PersistentVolume": ["pvc-1(skipped)", "pvc-2(created)"], "v1/Secret": ["shop/a(created)"] },
};

describe("what the tools say", () => {
  const volume = (name: string) => backed({ apiVersion: "v1", kind: "PersistentVolume", metadata: { name } });
  it.each([
    {
      what: backed({ apiVersion: "policy/v1beta1", kind: "PodSecurityPolicy", metadata: { name: "acme-1" } }),
      said: {
        fate: "failed",
        why: ["error restoring podsecuritypolicies.policy/…: the server could not find the requested resource"],
      },
    },
    // A name that another one begins with.
    {
      what: backed({ apiVersion: "policy/v1beta1", kind: "PodSecurityPolicy", metadata: { name: "acme" } }),
      said: { fate: "lost", why: [] },
    },
    {
      what: backed(object("v1", "ConfigMap", "settings")),
      said: { fate: "left-out", why: ["could not restore, ConfigMap:… already exists. Warning: it is different"] },
    },
    { what: volume("pvc-1"), said: { fate: "left-out", why: ["says skipped"] } },
    { what: volume("pvc-9"), said: { fate: "lost", why: [] } },
  ])("Velero of $what.key", ({ what, said }) => {
    expect(saidByVelero(results)(what)).toEqual(said);
  });

  it("Velero put what it created", () => {
    const archive = [
      volume("pvc-1"),
      volume("pvc-2"),
      backed(object("v1", "Secret", "a")),
      backed(object("v1", "Secret", "b")),
    ];
    const put = putByVelero(results, new Map(archive.map((each) => [each.key, each])));
    expect([...put]).toEqual(["PersistentVolume pvc-2", "Secret shop/a"]);
  });

  it("clustershift by its account", () => {
    const refs = ["a", "b", "c"].map((name) => refOf(object("v1", "ConfigMap", name)));
    const [a, b] = refs;
    if (!a || !b) throw new Error("no refs");
    const said = saidByClustershift([
      { object: a, ending: "skipped", by: "leader-election" },
      { object: b, ending: "failed", by: "create", reason: "refused" },
    ]);
    expect(refs.map((ref) => said(backed(object("v1", "ConfigMap", ref.name))))).toEqual([
      { fate: "left-out", why: ["skipped: leader-election"] },
      { fate: "failed", why: ["refused"] },
      { fate: "lost", why: [] },
    ]);
  });
});

describe("the tables", () => {
  const judged = (name: string, fates: Fate[]): Judged => ({ name, fates, put: new Set(), found: new Map() });
  const arrived = (kind: string): Fate => ({ kind, fate: "arrived", why: [] });
  const both = [
    judged("Velero", [
      arrived("Service"),
      { kind: "Service", fate: "changed", why: ["spec.a", "spec.b", "spec.c", "spec.d"] },
      { kind: "Job.batch", fate: "lost", why: [] },
      arrived("Secret"),
      arrived("ConfigMap"),
    ]),
    judged("ours", [
      arrived("Service"),
      arrived("Service"),
      { kind: "Job.batch", fate: "left-out", why: ["skipped: finished-job"] },
      arrived("Secret"),
      arrived("ConfigMap"),
    ]),
  ];

  it("has a line for each kind on which somebody falls short, and one for all others", () => {
    expect(fatesTable(both)).toEqual({
      head: ["kind", "in backup", "Velero", "ours"],
      rows: [
        ["Job.batch", "1", "1 lost", "1 left out"],
        ["Service", "2", "1 arrived, 1 changed", "2 arrived"],
        ["2 other kinds", "2", "2 arrived", "2 arrived"],
        ["all", "5", "3 arrived, 1 changed, 1 lost", "4 arrived, 1 left out"],
      ],
      numeric: [1],
    });
  });

  it("tells contenders as one whose objects all ended alike", () => {
    const [velero, ours] = both as [Judged, Judged];
    const twin = { ...velero, name: "Velero again", put: new Set<string>(), found: new Map() };
    expect(apart([velero, twin, ours])).toEqual({ judged: [velero, ours], alike: [["Velero again", "Velero"]] });
    expect(apart([velero, { ...twin, put: new Set(["a"]) }]).alike).toEqual([]);
  });

  it("says why, and where nobody did", () => {
    expect(reasonsTable(both).rows).toEqual([
      ["Velero", "changed", "Service", "1", "spec.a, spec.b, spec.c and 1 more"],
      ["Velero", "lost", "Job.batch", "1", "nothing is said"],
      ["ours", "left out", "Job.batch", "1", "skipped: finished-job"],
    ]);
  });

  it("says what else was put into green, and how much of it by nobody", () => {
    const all = ["a", "b"].map((name) => backed(object("v1", "Endpoints", name, managed("kube-controller-manager"))));
    all.push(backed(object("v1", "Node", "n1")), backed(object("v1", "ConfigMap", "settings", managed("kubectl"))));
    const archive = new Map(all.map((each) => [each.key, each]));
    const [velero, ours] = both as [Judged, Judged];
    const puts = [{ ...velero, put: new Set(["Endpoints shop/a", "ConfigMap shop/settings"]) }, ours];
    expect(othersTable(archive, (each) => groupOfObject(each, new Set()), puts).rows).toEqual([
      ["made by Kubernetes from others", "Endpoints", "2", "1", "0"],
      ["others", "1 kind", "1", "0", "0"],
    ]);
  });

  it("counts what acts on each side, by what it finds there", () => {
    const pod = (name: string, uid: string, owner?: string) =>
      object("v1", "Pod", name, {
        uid,
        ...(owner && { ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: "web", uid: owner }] }),
      });
    const job = (suspend: boolean) => object("batch/v1", "CronJob", "nightly", {}, { spec: { suspend } });
    const claim = (volumeName: string) => object("v1", "PersistentVolumeClaim", "data", {}, { spec: { volumeName } });
    const set = object("apps/v1", "ReplicaSet", "web", { uid: "set" });
    const blue = [pod("web-1", "1", "set"), set, job(false), claim("pv-1"), object("v1", "PersistentVolume", "pv-1")];
    const archive = new Map(blue.map((each) => [refKey(refOf(each)), backed(each)]));
    const green = [
      pod("web-1", "9", "set"),
      pod("web-2", "8", "new"),
      { ...set, metadata: { ...set.metadata, uid: "new" } },
    ];
    const found = new Map([...green, job(true), claim("pv-9")].map((each) => [refKey(refOf(each)), each]));
    expect(actingTable(archive, [{ ...judged("ours", []), found }]).rows).toEqual([
      ["CronJobs that aren't suspended", "1", "0"],
      ["Pods", "1", "2"],
      ["Pods under names of blue's", "1", "1"],
      ["Pods that no controller owns", "0", "1"],
      ["claims of volumes of blue's", "1", "0"],
      ["custom resources that have a status", "0", "0"],
    ]);
  });

  it("stand below their titles", () => {
    const table = { head: ["kind"], rows: [["Pod"]], numeric: [] };
    const result = {
      id: "velero",
      size: "",
      unit: "ms" as const,
      rows: [],
      notes: [],
      tables: [{ title: "why", table }],
    };
    expect(ownTablesOf([result])).toEqual(["velero: why\nkind\nPod"]);
  });
});
