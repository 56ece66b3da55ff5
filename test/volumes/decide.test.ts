import { describe, expect, it } from "vitest";
import { type KubeObject, refKey } from "../../src/model/objects.js";
import type { ConfiguredVolumeRule, PlannedVolume, VolumeStrategy } from "../../src/model/volumes.js";
import { decideVolumes, type VolumeSettings } from "../../src/volumes/decide.js";
import { volumeRules } from "../../src/volumes/rules.js";
import { bound, type ClaimSpec, mounting, sources } from "./objects.js";

const settings: VolumeSettings = {
  ...{ rules: [], zones: {}, asksAws: true, greenZones: new Set(["eu-central-1a", "eu-central-1b"]) },
  stopped: new Set(["Deployment.apps shop/db"]),
  leftBy: () => undefined,
  arrivesAs: (ref) => ref,
};
const ebs: ClaimSpec = { name: "data", source: sources.csi("vol-01"), zone: "eu-central-1a" };
const db = mounting("db", ["data"]);
const decided = (objects: KubeObject[], parts: Partial<VolumeSettings> = {}): PlannedVolume => {
  const [first, ...others] = decideVolumes(objects, { ...settings, ...parts });
  if (!first || others.length > 0) throw new Error("one claim is decided over");
  return first;
};
const rule = (strategy: VolumeStrategy, select: ConfiguredVolumeRule["select"] = { name: "data" }) => ({
  rules: [{ name: "ours", reason: "we know it", select, strategy }],
});
const whenScaled = (): KubeObject => ({
  ...mounting("db", []),
  kind: "StatefulSet",
  spec: {
    ...(db.spec as object),
    persistentVolumeClaimRetentionPolicy: { whenScaled: "Delete" },
  },
});

describe("what becomes of a claim's volume by itself", () => {
  it.each<[string, KubeObject[], Partial<VolumeSettings>, VolumeStrategy, string]>([
    ["of what is exclusive", [...bound(ebs), db], {}, "hand-over", "exclusive-workload"],
    [
      "of the in-tree plugin",
      [...bound({ ...ebs, source: sources.inTree("vol-01", "eu-central-1b") }), db],
      {},
      "hand-over",
      "exclusive-workload",
    ],
    [
      "moved into another zone",
      [...bound(ebs), db],
      { zones: { "eu-central-1a": "eu-central-1b" } },
      "copy",
      "zone-moved",
    ],
    ["of what nothing stops", [...bound(ebs), mounting("web", ["data"])], {}, "fresh", "not-stopped"],
    ["of two, of which one is exclusive", [...bound(ebs), db, mounting("web", ["data"])], {}, "fresh", "not-stopped"],
    ["that nothing mounts", bound(ebs), {}, "fresh", "unused"],
    ["without aws", [...bound(ebs), db], { asksAws: false }, "fresh", "aws-not-configured"],
    ["in a zone that green lacks", [...bound({ ...ebs, zone: "eu-central-1c" }), db], {}, "leave", "zone-missing"],
    ["in no known zone", [...bound({ name: "data", source: sources.csi("vol-01") }), db], {}, "leave", "zone-unknown"],
    ["for many writers", [...bound({ ...ebs, accessMode: "ReadWriteMany" }), db], {}, "leave", "many-nodes-on-ebs"],
    [
      "of EFS",
      [...bound({ ...ebs, source: sources.efs("fs-01") }), mounting("web", ["data"])],
      {},
      "shared",
      "shared-file-system",
    ],
    ["of NFS", [...bound({ ...ebs, source: sources.nfs("10.0.0.2") }), db], {}, "shared", "shared-file-system"],
    ["on a node", [...bound({ ...ebs, source: { hostPath: { path: "/data" } } }), db], {}, "leave", "on-one-node"],
    ["on a local disk", [...bound({ ...ebs, source: { local: { path: "/data" } } }), db], {}, "leave", "on-one-node"],
    [
      "of another driver",
      [...bound({ ...ebs, source: { csi: { driver: "csi.acme.example", volumeHandle: "a" } } }), db],
      {},
      "leave",
      "unknown-driver",
    ],
    [
      "of another plugin",
      [...bound({ ...ebs, source: { flexVolume: { driver: "acme/disk" } } }), db],
      {},
      "leave",
      "unknown-driver",
    ],
    ["that isn't there", [...bound({ name: "data" }), db], {}, "leave", "unbound-claim"],
    [
      "whose claim stays",
      [...bound(ebs), db],
      { leftBy: ({ kind }) => (kind === "PersistentVolumeClaim" ? "left-to-deployer" : undefined) },
      "leave",
      "claim-stays-behind",
    ],
    [
      "whose workload stays",
      [...bound(ebs), db],
      { leftBy: ({ kind }) => (kind === "Deployment" ? "ours" : undefined) },
      "leave",
      "workload-stays-behind",
    ],
  ])("%s", (_, objects, parts, strategy, id) => {
    expect(decided(objects, parts)).toMatchObject({ strategy, rule: id });
  });

  it("is told by a StatefulSet's ordinals, though it has no replicas now", () => {
    const set: KubeObject = {
      ...whenScaled(),
      spec: { replicas: 0, volumeClaimTemplates: [{ metadata: { name: "data" } }], template: { spec: {} } },
    };
    const claims = ["data-db-0", "data-db-11"].flatMap((name) => bound({ ...ebs, name }));
    const stranger = bound({ ...ebs, name: "data-db-x" });
    const planned = decideVolumes([...claims, ...stranger, set], settings);
    expect(planned.map(({ claim, users }) => [claim.name, users.map(refKey)])).toEqual([
      ["data-db-0", ["StatefulSet.apps shop/db"]],
      ["data-db-11", ["StatefulSet.apps shop/db"]],
      ["data-db-x", []],
    ]);
  });

  it("is told by running Pods, whose operator is the workload", () => {
    const controller = {
      apiVersion: "postgresql.cnpg.io/v1",
      kind: "Cluster",
      name: "main",
      uid: "1",
      controller: true,
    };
    const pod = (phase: string): KubeObject => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "main-1", namespace: "shop", ownerReferences: [controller] },
      spec: { volumes: [{ name: "a", persistentVolumeClaim: { claimName: "data" } }] },
      status: { phase },
    });
    expect(decided([...bound(ebs), pod("Running")]).users.map(refKey)).toEqual([
      "Cluster.postgresql.cnpg.io shop/main",
    ]);
    expect(decided([...bound(ebs), pod("Succeeded")]).users).toEqual([]);
  });

  it("says its size, its zone, and how long nobody runs it", () => {
    const planned = decided([...bound({ ...ebs, size: "500Gi" }), db], { zones: { "eu-central-1a": "eu-central-1b" } });
    expect(planned).toMatchObject({
      ...{
        size: "500Gi",
        zone: { from: "eu-central-1a", to: "eu-central-1b" },
        handle: "vol-01",
        volume: "pv-shop-data",
      },
      downtime: { seconds: 60 + 60 + 1000 + 30 + 60 },
    });
    expect(decided([...bound(ebs), db])).toMatchObject({ downtime: { seconds: 180 } });
    expect(decided([...bound(ebs), mounting("web", ["data"])])).not.toHaveProperty("downtime");
  });

  it("names green's claim where that has another name", () => {
    const other = { group: "", kind: "PersistentVolumeClaim", namespace: "shop-2", name: "data" };
    expect(decided([...bound(ebs), db], { arrivesAs: () => other }).arrivesAs).toEqual(other);
    expect(decided([...bound(ebs), db])).not.toHaveProperty("arrivesAs");
  });
});

describe("what the configuration asks for", () => {
  it.each<[string, VolumeStrategy]>([
    ["copy", "copy"],
    ["hand-over", "hand-over"],
    ["fresh", "fresh"],
    ["leave", "leave"],
    ["velero", "velero"],
  ])("%s is done", (_, strategy) => {
    expect(decided([...bound(ebs), db], rule(strategy))).toMatchObject({ strategy, rule: "ours" });
  });

  it.each<[string, KubeObject[], VolumeStrategy, Partial<VolumeSettings>, string]>([
    ["a copy of what nothing stops", [...bound(ebs), mounting("web", ["data"])], "copy", {}, "not-stopped"],
    [
      "a hand-over into another zone",
      [...bound(ebs), db],
      "hand-over",
      { zones: { "eu-central-1a": "eu-central-1b" } },
      "zone-moved",
    ],
    [
      "a zone that green lacks",
      [...bound(ebs), db],
      "copy",
      { zones: { "eu-central-1a": "eu-central-1c" } },
      "zone-missing",
    ],
    ["two mounts of one disk", [...bound(ebs), db], "shared", {}, "not-shared"],
    [
      "a copy of a file system",
      [...bound({ ...ebs, source: sources.efs("fs-1") }), db],
      "copy",
      {},
      "shared-file-system",
    ],
    [
      "what a stop would delete",
      [
        ...bound({ ...ebs, name: "data-db-0" }),
        {
          ...whenScaled(),
          spec: { ...(whenScaled().spec as object), volumeClaimTemplates: [{ metadata: { name: "data" } }] },
        },
      ],
      "hand-over",
      { stopped: new Set(["StatefulSet.apps shop/db"]) },
      "deleted-when-scaled",
    ],
  ])("is refused: %s", (_, objects, strategy, parts, id) => {
    const planned = decided(objects, { ...rule(strategy, { namespace: "shop" }), ...parts });
    expect(planned).toMatchObject({ strategy: "leave", refused: strategy, rule: id });
  });

  it("is asked for by namespace, label and class, the first that fits", () => {
    const objects = [...bound({ ...ebs, storageClass: "io1-fast", labels: { tier: "gold" } }), db];
    for (const select of [{ storageClass: "io*" }, { labels: { tier: "gold" } }, { namespace: "sh*", name: "d*" }])
      expect(decided(objects, rule("fresh", select)).rule).toBe("ours");
    for (const select of [{ storageClass: "gp3" }, { labels: { tier: "silver" } }, { namespace: "data" }])
      expect(decided(objects, rule("fresh", select)).rule).toBe("exclusive-workload");
  });

  it("as the default holds wherever it can be done", () => {
    expect(decided([...bound(ebs), db], { otherwise: "copy" })).toMatchObject({
      strategy: "copy",
      rule: "volumes.default",
    });
    expect(decided([...bound(ebs), mounting("web", ["data"])], { otherwise: "copy" }).rule).toBe("not-stopped");
    expect(decided([...bound({ ...ebs, source: sources.efs("fs-1") }), db], { otherwise: "copy" }).rule).toBe(
      "shared-file-system",
    );
    expect(decided(bound(ebs), { otherwise: "copy" }).strategy).toBe("copy");
  });
});

it("every rule has a name of its own, and the last takes whatever is left", () => {
  expect(new Set(volumeRules.map(({ id }) => id)).size).toBe(volumeRules.length);
  expect(volumeRules.at(-1)?.applies(undefined as never, undefined as never)).toBe(true);
});
