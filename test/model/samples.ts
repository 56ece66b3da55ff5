import type { Accounting, Counts } from "../../src/model/accounting.js";
import { type Plan, planHash } from "../../src/model/plan.js";
import type { TeardownReceipt } from "../../src/model/teardown.js";

/** A small whole plan; every part can be replaced. Its hash fits unless a test breaks it. */
export function samplePlan(parts: Partial<Omit<Plan, "hash">> = {}): Plan {
  const topology = {
    zones: ["eu-central-1a"],
    groups: [{ name: "nodes", role: "worker" as const, zones: { "eu-central-1a": 2 }, labels: {}, taints: [] }],
  };
  const plan = {
    format: 1 as const,
    run: "20261128T200000Z",
    environment: "acme production",
    createdAt: "2026-11-28T20:00:00.000Z",
    configHash: "c0ffee",
    blue: { name: "blue.acme.example", version: "v1.24.17", clusterId: "blue-id", topology },
    green: { version: "1.35", topology },
    findings: [],
    kinds: [{ kind: "Deployment.apps", count: 3, readAs: "apps/v1", writeAs: "apps/v1" }],
    changes: [],
    held: [],
    deployers: [],
    targets: [{ target: "app.acme.example A", from: "192.0.2.1", to: "192.0.2.2" }],
    steps: [{ phase: "up" as const, what: "Stand up green", touches: "green" as const, undo: "Destroy it" }],
    window: { opens: "2026-11-28T21:00:00Z", closes: "2026-11-29T03:00:00Z" },
    budgets: [{ phase: "up" as const, seconds: 1800, basis: "green.readyTimeout" }],
    rollbackSeconds: 61,
    rehearsal: { where: "sandbox", differences: [] },
    ...parts,
  };
  return { ...plan, hash: planHash(plan) };
}

/** A receipt with one of everything. */
export function sampleReceipt(words = "blue's"): TeardownReceipt {
  const at = "2026-11-30T08:00:00.000Z";
  const resource = { kind: "volume" as const, id: words, name: words, because: words };
  return {
    format: 1,
    at,
    blue: words,
    goneAt: at,
    bundle: { path: words, hash: "c0ffee" },
    drained: [{ object: words, at }],
    snapshots: [{ id: words, volume: words, of: words, at, keepUntil: at }],
    removed: [{ ...resource, at }],
    kept: [{ ...resource, kept: words }],
    left: [resource],
    unseen: [{ kind: "snapshot", why: words }],
  };
}

export function counts(parts: Partial<Counts> = {}): Counts {
  return { listed: 0, migrated: 0, merged: 0, derived: 0, skipped: 0, dropped: 0, failed: 0, ...parts };
}

/** An accounting of these rows, with their sum. */
export function accountingOf(kinds: Record<string, Counts>): Accounting {
  const total = counts();
  for (const row of Object.values(kinds)) {
    for (const column of Object.keys(total) as (keyof Counts)[]) total[column] += row[column];
  }
  return { kinds, total };
}
