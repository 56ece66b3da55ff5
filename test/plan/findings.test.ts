import { describe, expect, it } from "vitest";
import type { Finding } from "../../src/model/finding.js";
import type { KubeObject } from "../../src/model/objects.js";
import type { PlannedVolume } from "../../src/model/volumes.js";
import type { Assessment } from "../../src/plan/assessment.js";
import { assess } from "../../src/plan/findings/index.js";
import { group, quiet } from "./quiet.js";

const calendar = new Set(assess(quiet).map(({ id }) => id));

/** Findings beyond those that any assessment has (hops that lie in the calendar). */
const found = (parts: Partial<Assessment>): Finding[] =>
  assess({ ...quiet, ...parts }).filter(({ id }) => !calendar.has(id));

const api = (group: string, version: string, kind: string) => ({
  group,
  version,
  kind,
  resource: `${kind.toLowerCase()}s`,
  namespaced: true,
  verbs: ["list"],
  subresources: [],
});
const at24 = { from: { major: 1, minor: 24 }, distribution: "any" as const };
const object = (apiVersion: string, kind: string, metadata: Partial<KubeObject["metadata"]> = {}): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name: "one", namespace: "shop", ...metadata },
});
const emptied = (name: string): PlannedVolume => ({
  claim: { group: "", kind: "PersistentVolumeClaim", namespace: "shop", name },
  ...{ strategy: "fresh", rule: "not-stopped", reason: "Nothing stops it.", users: [] },
});
const applied = (apiVersion: string) => ({
  annotations: { "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify({ apiVersion, kind: "CronJob" }) },
});

describe("assess", () => {
  it("warns of a transform that changes nothing, which a slip in its selector looks like", () => {
    const change = { reason: "r", objects: 0 };
    const idle = found({
      changes: [
        { ...change, id: "idle", stage: "transform" },
        { ...change, id: "busy", stage: "transform", objects: 1 },
        { ...change, id: "quiet", stage: "hold" },
      ],
    });
    expect(idle.map(({ id, severity, why }) => [id, severity, why])).toEqual([
      ["transform-without-effect", "warning", "The transform idle changes none of blue's objects."],
    ]);
  });

  it("has nothing of its own to say of a quiet move", () => {
    expect(found({})).toEqual([]);
  });

  it.each<[string, Partial<Assessment>, Partial<Finding>]>([
    [
      "a green older than blue",
      { to: { major: 1, minor: 34 } },
      {
        id: "green-older",
        severity: "blocker",
        why: expect.stringContaining("1.34 is older than blue's 1.35") as string,
      },
    ],
    [
      "a kind without a way",
      { kinds: [{ kind: "Widget.acme.example", count: 2, readAs: "acme.example/v1", writeAs: null }] },
      { id: "no-path", severity: "blocker", count: 2 },
    ],
    [
      "an aggregated API that doesn't answer",
      { broken: [{ groupVersion: "metrics.k8s.io/v1beta1", reason: "503" }] },
      {
        id: "api-unavailable",
        severity: "warning",
        why: expect.stringContaining("metrics.k8s.io/v1beta1: 503") as string,
      },
    ],
    [
      "a rehearsal of another shape",
      { rehearsal: { where: "kind", differences: ["one zone, not three"] } },
      { id: "rehearsal-differs", severity: "warning", why: expect.stringContaining("one zone, not three") as string },
    ],
    [
      "a group that green lacks",
      { greenTopology: { zones: [], groups: [] } },
      { id: "group-missing", severity: "warning", why: expect.stringContaining("at all") as string },
    ],
    [
      "a zone that green lacks",
      { greenTopology: { zones: ["a"], groups: [group("nodes", ["a"])] } },
      { id: "group-missing", why: expect.stringContaining("in b") as string },
    ],
    [
      "claims whose volumes will be empty",
      { volumes: ["one", "two"].map((name) => emptied(name)) },
      { id: "volume-empty", severity: "warning", count: 2 },
    ],
    [
      "an object that can't be deleted",
      {
        objects: [
          object("v1", "Pod", { deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: ["acme.example/hold"] }),
        ],
      },
      { id: "object-stuck-deleting", why: expect.stringContaining("acme.example/hold") as string },
    ],
    ["no window", { window: false }, { id: "no-window", severity: "warning" }],
    [
      "a manifest that names what is gone",
      { objects: [object("batch/v1", "CronJob", applied("batch/v1beta1"))] },
      { id: "manifest-names-removed-api", severity: "warning", count: 1 },
    ],
    [
      "a release of Helm that can't be read",
      {
        releases: {
          apis: [],
          unread: [
            {
              keptIn: { group: "", kind: "Secret", namespace: "shop", name: "sh.helm.release.v1.web.v2.v12" },
              problem: "half of it",
            },
          ],
        },
      },
      {
        id: "helm-release-unreadable",
        severity: "warning",
        object: { group: "", kind: "Secret", namespace: "shop", name: "sh.helm.release.v1.web.v2.v12" },
        why: expect.stringContaining("can't be read: half of it.") as string,
        whatToDo: expect.stringContaining("`helm history web.v2 -n shop`") as string,
      },
    ],
    [
      "what a migration remarked",
      { remarks: [{ id: "psp-no-successor", severity: "note", why: "w", whatToDo: "d" }] },
      { id: "psp-no-successor" },
    ],
  ])("finds %s", (_, parts, finding) => {
    expect(found(parts)).toEqual([expect.objectContaining(finding)]);
  });

  it.each<[string, Partial<Assessment>]>([
    [
      "a kind without a way, of which there is none",
      { kinds: [{ kind: "Widget.acme.example", count: 0, readAs: "acme.example/v1", writeAs: null }] },
    ],
    [
      "a kind that a rule leaves behind",
      { kinds: [{ kind: "Event", count: 9, readAs: "v1", writeAs: null, by: "events" }] },
    ],
    [
      "control-plane groups that an EKS green doesn't have",
      { topology: { zones: ["a"], groups: [group("masters", ["a"], "control-plane")] } },
    ],
    ["a manifest of today", { objects: [object("batch/v1", "CronJob", applied("batch/v1"))] }],
    [
      "a manifest that is no JSON",
      {
        objects: [
          object("batch/v1", "CronJob", { annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{" } }),
        ],
      },
    ],
    [
      "a manifest whose apiVersion is no text",
      {
        objects: [
          object("batch/v1", "CronJob", {
            annotations: { "kubectl.kubernetes.io/last-applied-configuration": '{"apiVersion":1}' },
          }),
        ],
      },
    ],
    ["claims of somebody else's API", { objects: [object("acme.example/v1", "PersistentVolumeClaim")] }],
  ])("says nothing of %s", (_, parts) => {
    expect(found(parts)).toEqual([]);
  });

  describe("of APIs that are removed or deprecated", () => {
    const cronJobs = (writeAs: string | null, by?: string) => ({
      ...at24,
      blueResources: [api("batch", "v1beta1", "CronJob")],
      kinds: [{ kind: "CronJob.batch", count: 4, readAs: "batch/v1", writeAs, ...(by && { by }) }],
    });
    const of = (parts: Partial<Assessment>) => found(parts).find(({ id }) => id.startsWith("api-"));

    it.each<[string, Partial<Assessment>, Partial<Finding>]>([
      [
        "gone, and the objects have a way",
        cronJobs("batch/v1", "cron-job"),
        {
          id: "api-removed",
          severity: "warning",
          count: 4,
          whatToDo: expect.stringContaining("arrive as batch/v1") as string,
        },
      ],
      [
        "gone, and the objects are left behind",
        cronJobs(null, "no-cron"),
        {
          id: "api-removed",
          severity: "warning",
          whatToDo: expect.stringContaining("left behind (no-cron)") as string,
        },
      ],
      ["gone, and nothing is known", cronJobs(null), { id: "api-removed", severity: "blocker" }],
      [
        "deprecated",
        { ...cronJobs("batch/v1"), to: { major: 1, minor: 24 } },
        { id: "api-deprecated", severity: "note", why: expect.stringContaining("gone in 1.25") as string },
      ],
    ])("%s", (_, parts, finding) => {
      expect(of(parts)).toMatchObject(finding);
    });

    it("says nothing where blue has no objects of the kind, or it is still well", () => {
      expect(of({ ...cronJobs("batch/v1"), kinds: [] })).toBeUndefined();
      expect(
        of({ ...cronJobs("batch/v1"), from: { major: 1, minor: 19 }, to: { major: 1, minor: 20 } }),
      ).toBeUndefined();
    });
  });

  describe("of known hops", () => {
    const hops = (from: number, to: number, distribution: Assessment["distribution"]) =>
      found({ from: { major: 1, minor: from }, to: { major: 1, minor: to }, distribution }).map(({ id }) => id);

    it("names those between the two versions, and not those behind or beyond", () => {
      expect(hops(21, 24, "any")).toEqual(expect.arrayContaining(["hop-removals-1.22", "hop-ebs-csi-migration"]));
      expect(hops(21, 24, "any")).not.toContain("hop-removals-1.16");
      expect(hops(22, 24, "any")).not.toContain("hop-removals-1.22");
    });

    it("names kops's own only for a blue that kops made", () => {
      expect(hops(11, 15, "kops")).toContain("hop-kops-etcd3-calico");
      expect(hops(11, 15, "any")).not.toContain("hop-kops-etcd3-calico");
    });
  });

  it("puts the gravest first, in one order whatever blue listed first", () => {
    const stuck = ["z", "a", "m"].map((name) =>
      object("v1", "Pod", { name, deletionTimestamp: "2026-01-01T00:00:00Z" }),
    );
    const parts = { objects: stuck, window: false, to: { major: 1, minor: 34 } };
    const findings = found(parts);
    expect(findings[0]?.severity).toBe("blocker");
    expect(findings.flatMap(({ object: ref }) => (ref ? [ref.name] : []))).toEqual(["a", "m", "z"]);
    expect(found({ ...parts, objects: stuck.toReversed() })).toEqual(findings);
  });

  it("gives every finding an id, a reason and something to do", () => {
    const all = assess({ ...quiet, ...at24, from: { major: 1, minor: 11 }, distribution: "kops", window: false });
    expect(all.length).toBeGreaterThan(5);
    for (const { id, why, whatToDo } of all) {
      expect(id).toMatch(/^[a-z0-9]+([-.][a-z0-9]+)*$/);
      expect(why).toMatch(/\.$/);
      expect(whatToDo.length).toBeGreaterThan(20);
    }
  });
});
