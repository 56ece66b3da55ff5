import { describe, expect, it } from "vitest";
import type { CloudResource } from "../../src/model/cloud.js";
import { claimOf, madeBy } from "../../src/sweep/blue.js";
import { candidateOf, sift } from "../../src/sweep/judge.js";
import { around, blue, protections, resource } from "./resources.js";

const judged = (resources: CloudResource[], surroundings = around(), standing = false) =>
  Object.fromEntries(
    sift(
      resources.flatMap((each) => candidateOf(each, surroundings.blue)),
      surroundings,
      standing,
    ).map(({ id, kept }) => [id, kept ?? "orphan"]),
  );
const tagged = (tags: Record<string, string>) => resource("volume", "vol-1", { tags });

describe("claimOf", () => {
  it.each([
    [{ "kubernetes.io/cluster/prod": "owned" }, true],
    [{ "kubernetes.io/cluster/prod": "shared" }, true],
    [{ "elbv2.k8s.aws/cluster": "prod" }, true],
    [{ KubernetesCluster: "prod" }, true],
    [{ "eks:cluster-name": "prod" }, true],
    [{ "cluster.k8s.amazonaws.com/name": "prod" }, true],
    [{ "kubernetes.io/cluster/prod-2": "owned" }, false],
    [{ "kubernetes.io/cluster/Prod": "owned" }, false],
    [{ "elbv2.k8s.aws/cluster": "prod-2" }, false],
    [{ "ebs.csi.aws.com/cluster": "true" }, false],
    [{ Name: "prod", cluster: "prod" }, false],
    [{}, false],
  ])("takes %j for blue's: %s", (tags, is) => {
    expect(claimOf(tagged(tags), blue) !== undefined).toBe(is);
  });

  it("knows what blue's objects made, in both forms of a volume, and snapshots of it", () => {
    const pv = (name: string, spec: object) => ({
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name },
      spec,
    });
    const made = madeBy([
      pv("csi", { csi: { driver: "ebs.csi.aws.com", volumeHandle: "vol-0a" } }),
      pv("old", { awsElasticBlockStore: { volumeID: "aws://eu-central-1a/vol-0b" } }),
      pv("efs", { csi: { driver: "efs.csi.aws.com", volumeHandle: "vol-0c" } }),
      pv("nfs", { nfs: { path: "/vol-0d" } }),
    ]);
    expect([...made.keys()]).toEqual(["vol-0a", "vol-0b"]);
    const snapshot = (tags: Record<string, string>) => resource("snapshot", "snap-1", { tags, leadsTo: ["vol-0a"] });
    expect(claimOf(snapshot({ CSIVolumeSnapshotName: "x" }), { ...blue, made })).toContain("PersistentVolume csi");
    expect(claimOf(snapshot({}), { ...blue, made })).toBeUndefined();
  });

  it("takes an Ingress's status for no proof: controllers write a shared load balancer there", () => {
    const status = { loadBalancer: { ingress: [{ hostname: "edge-1.eu-central-1.elb.amazonaws.com" }] } };
    const object = (kind: string, spec: object) => ({ apiVersion: "v1", kind, metadata: { name: "x" }, spec, status });
    expect(madeBy([object("Ingress", {}), object("Service", { type: "ClusterIP" })]).size).toBe(0);
    expect(madeBy([object("Service", { type: "LoadBalancer" })]).size).toBe(1);
  });
});

describe("sift", () => {
  it.each<[string, Partial<CloudResource>, RegExp]>([
    [
      "of another cluster, too",
      { tags: { ...resource("volume", "v").tags, KubernetesCluster: "prod-2" } },
      /another cluster/,
    ],
    ["shared", { tags: { "kubernetes.io/cluster/prod": "shared" } }, /shared/],
    ["of the foundation", { tags: { KubernetesCluster: "prod", "clustershift:foundation": "a" } }, /foundation a/],
    ["a backup", { tags: { KubernetesCluster: "prod", "aws:backup:source-resource": "x" } }, /backup/],
    ["a final snapshot", { tags: { KubernetesCluster: "prod", "clustershift:final-snapshot": "p" } }, /final snapshot/],
    ["held by AWS", { held: "AWS manages it" }, /AWS manages it/],
    ["in use", { users: [{ id: "i-1", how: "is attached to i-1" }] }, /is attached to i-1/],
  ])("keeps what is %s", (_, parts, why) => {
    expect(judged([resource("volume", "vol-1", parts)])["vol-1"]).toMatch(why);
  });

  it("keeps what green needs, by any of its names, and what leads there", () => {
    const surroundings = around({
      protections: protections({ "i-1": "green's Node a needs it", "192.0.2.7": "green's" }),
    });
    expect(
      judged(
        [
          resource("target-group", "tg", { leadsTo: ["i-1"] }),
          resource("address", "eipalloc-1", { aliases: ["192.0.2.7"] }),
          resource("network-interface", "eni-1", { leadsTo: ["i-1"] }),
          resource("address", "eipalloc-2", { aliases: ["192.0.2.77"] }),
        ],
        surroundings,
      ),
    ).toEqual({
      tg: "it leads to i-1, and green's Node a needs it",
      "eipalloc-1": "green's",
      "eni-1": "orphan",
      "eipalloc-2": "orphan",
    });
  });

  it("keeps by tag, with and without its value", () => {
    const kept = (tag: string, value?: string) =>
      around({ protections: protections({}, { keptTags: [{ tag, value }] }) });
    const one = [resource("volume", "vol-1", { tags: { KubernetesCluster: "prod", team: "data" } })];
    expect(judged(one, kept("team"))["vol-1"]).toContain("team");
    expect(judged(one, kept("team", "data"))["vol-1"]).toContain("team");
    expect(judged(one, kept("team", "web"))["vol-1"]).toBe("orphan");
  });

  it("lets go together what only needs each other, and keeps all that something kept needs", () => {
    const chain = (top: Partial<CloudResource>) => [
      resource("load-balancer", "lb", top),
      resource("target-group", "tg", { users: [{ id: "lb", how: "gets traffic of lb" }] }),
      resource("security-group", "sg-1", { users: [{ id: "sg-2", how: "is named by a rule of sg-2" }] }),
      resource("security-group", "sg-2", {
        users: [
          { id: "sg-1", how: "x" },
          { id: "eni", of: "lb", how: "y" },
        ],
      }),
    ];
    expect(new Set(Object.values(judged(chain({}))))).toEqual(new Set(["orphan"]));
    const kept = judged(chain({ users: [{ id: "i-1", how: "has a healthy target i-1" }] }));
    expect(kept.lb).toContain("healthy");
    expect(kept.tg).toBe("it gets traffic of lb");
    expect(kept["sg-1"]).toBe("it is named by a rule of sg-2");
  });

  it("keeps a load balancer that a record leads to, unless the record goes with it", () => {
    const lb = resource("load-balancer", "lb", { aliases: ["web-1.elb.amazonaws.com"] });
    const record = resource("record", "Z1/web./CNAME", { tags: {}, owner: "prod-dns", leadsTo: [...lb.aliases] });
    const answering = [{ id: record.id, name: "web. CNAME", leadsTo: record.leadsTo, serves: true }];
    expect(judged([lb], around({ answering })).lb).toBe("the record web. CNAME leads to it");
    expect(judged([lb, record], around({ answering }))).toEqual({ lb: "orphan", [record.id]: "orphan" });
  });

  it("keeps records of other owners, of green's, and of whose owner nobody can be sure", () => {
    const record = (owner?: string) => [resource("record", "r", { tags: {}, ...(owner && { owner }) })];
    expect(judged(record("prod-dns-2"))).toEqual({});
    expect(judged(record("prod-dns")).r).toBe("orphan");
    const shares = (greenOwners?: Set<string>) => around({ protections: protections({}, { greenOwners }) });
    expect(judged(record("prod-dns"), shares(new Set(["prod-dns"]))).r).toContain("too");
    expect(judged(record("prod-dns"), shares()).r).toContain("can't be read");
    const others = new Map([["b.elb.amazonaws.com", "the load-balancer b"]]);
    const leading = [resource("record", "r", { tags: {}, owner: "prod-dns", leadsTo: ["b.elb.amazonaws.com"] })];
    expect(judged(leading, around({ others })).r).toContain("which isn't blue's");
  });

  it("counts blue's own use for nothing while blue stands", () => {
    const used = [resource("volume", "vol-1", { users: [{ id: "i-1", how: "is attached to i-1" }] })];
    expect(judged(used, around(), true)["vol-1"]).toBe("orphan");
    const needed = around({ protections: protections({ "vol-1": "green's PersistentVolume a needs it" }) });
    expect(judged(used, needed, true)["vol-1"]).toContain("green's");
  });
});
