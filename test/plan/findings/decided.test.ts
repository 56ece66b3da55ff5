import { describe, expect, it } from "vitest";
import type { Dangling } from "../../../src/model/dangling.js";
import type { Finding } from "../../../src/model/finding.js";
import type { PlannedDeployer } from "../../../src/model/plan.js";
import { type Assessment, type ConfiguredEntry, type Decided, nothingDecided } from "../../../src/plan/assessment.js";
import { idleEntries, kept, notKept } from "../../../src/plan/findings/configured.js";
import { deployedByNobody, leftToDeployers } from "../../../src/plan/findings/deployers.js";
import { cloudResources, unseenEdits } from "../../../src/plan/findings/left-behind.js";
import { danglingReferences } from "../../../src/plan/findings/references.js";

const found = (decided: Partial<Decided>, parts: Partial<Assessment> = {}): Finding[] =>
  [
    danglingReferences,
    deployedByNobody,
    leftToDeployers,
    cloudResources,
    unseenEdits,
    idleEntries,
    notKept,
    kept,
  ].flatMap((assessor) =>
    assessor({
      from: { major: 1, minor: 24 },
      ...parts,
      decided: { ...nothingDecided, ...decided },
    } as unknown as Assessment),
  );

const secret = { group: "", kind: "Secret", namespace: "shop", name: "pull" };
const web = { group: "apps", kind: "Deployment", namespace: "shop", name: "web" };
const from = [
  { object: web, field: "spec.template.spec.imagePullSecrets" },
  { object: { ...web, name: "api" }, field: "x" },
];
const left = (by: string): Dangling => ({ to: secret, because: { kind: "left", by }, from });
const helm: PlannedDeployer = { id: "helm shop/web", kind: "helm", handling: "leave", objects: 4, examples: [] };
const skipped = (by: string, object = web) => ({ object, ending: "skipped" as const, by });
const entry = (parts: Partial<ConfiguredEntry>): ConfiguredEntry => ({
  list: "keep",
  entry: 'replay.keep "x"',
  reason: "Ours.",
  objects: 0,
  unmoved: 0,
  by: [],
  ...parts,
});

describe("findings of what was decided", () => {
  it("are none where nothing was", () => {
    expect(found({})).toEqual([]);
    expect(found({ deployers: [{ ...helm, handling: "copy" }], settled: [skipped("finished-pod")] })).toEqual([]);
  });

  it.each<[string, Partial<Decided>, Partial<Finding>]>([
    [
      "a reference to what a rule leaves behind, with both names",
      { dangling: [left("no-ci")] },
      {
        id: "dangling-reference",
        severity: "warning",
        object: web,
        count: 2,
        why: "Secret shop/pull stays behind (no-ci), and Deployment.apps shop/web names it in spec.template.spec.imagePullSecrets (and 1 more).",
      },
    ],
    [
      "a reference to a token that nobody makes any more",
      { dangling: [left("automatic-token")] },
      { severity: "warning", whatToDo: expect.stringContaining("namespace: shop, name: pull") as string },
    ],
    [
      "a reference that dangles on blue too",
      { dangling: [{ to: secret, because: { kind: "never-there" }, from: from.slice(0, 1) }] },
      {
        id: "dangling-reference",
        severity: "note",
        why: "Secret shop/pull is nowhere on blue, and Deployment.apps shop/web names it in spec.template.spec.imagePullSecrets.",
      },
    ],
    [
      "what nobody deploys",
      { deployers: [{ id: "nobody known", kind: "hand", handling: "copy", objects: 7, examples: [] }] },
      { id: "deployed-by-nobody", severity: "note", count: 7 },
    ],
    ["what is left to deployers", { deployers: [helm] }, { id: "left-to-deployer", severity: "note", count: 4 }],
    [
      "Secrets that deployers make anew",
      { deployers: [helm], settled: [skipped("left-to-deployer", secret)] },
      { id: "left-to-deployer", severity: "warning", why: expect.stringContaining("1 Secret(s) among them") as string },
    ],
    [
      "what stands for something in the cloud",
      {
        settled: [
          skipped("cloud-resource", { group: "s3.services.k8s.aws", kind: "Bucket", namespace: "shop", name: "b" }),
        ],
      },
      {
        id: "cloud-resource-left",
        severity: "warning",
        why: expect.stringContaining("1 Bucket.s3.services.k8s.aws:") as string,
      },
    ],
    ["an entry with nothing to do", { configured: [entry({})] }, { id: "entry-without-effect", severity: "warning" }],
    [
      "an entry that can't keep what it selects",
      { configured: [entry({ unmoved: 2, by: ["volumes-later"] })] },
      { id: "not-kept", count: 2, why: expect.stringContaining("(volumes-later)") as string },
    ],
    [
      "what is kept",
      { configured: [entry({ objects: 3 })] },
      {
        id: "kept-by-configuration",
        severity: "note",
        why: 'replay.keep "x" has 3 object(s) copied that would stay behind: Ours.',
      },
    ],
  ])("name %s", (_, decided, finding) => {
    expect(found(decided)).toEqual([expect.objectContaining(finding)]);
  });

  it("tell of edits that an old version's roles don't show, and only there", () => {
    const roles = { settled: [skipped("bootstrap-rbac"), skipped("bootstrap-rbac")] };
    expect(found(roles, { from: { major: 1, minor: 15 } })).toEqual([
      expect.objectContaining({ id: "role-edits-unseen", severity: "note", count: 2 }),
    ]);
    expect(found(roles, { from: { major: 1, minor: 18 } })).toEqual([]);
    expect(found({}, { from: { major: 1, minor: 15 } })).toEqual([]);
  });

  it("end their sentences, and say what to do", () => {
    const all = found({
      dangling: [left("x"), left("automatic-token")],
      deployers: [helm, { ...helm, kind: "hand", handling: "copy" }],
      settled: [skipped("cloud-resource")],
      configured: [entry({}), entry({ unmoved: 1 }), entry({ objects: 1 })],
    });
    expect(all).toHaveLength(8);
    for (const { why, whatToDo } of all) {
      expect(why).toMatch(/[^.]\.$/);
      expect(whatToDo).toMatch(/\.$/);
    }
  });
});
