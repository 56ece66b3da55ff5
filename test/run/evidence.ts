import type { ApprovalFile } from "../../src/model/approval.js";
import type { BackupVerification } from "../../src/model/backup.js";
import type { HealthLook } from "../../src/model/health.js";
import type { JournalEntry, JournalRecord } from "../../src/model/journal.js";
import type { Evidence } from "../../src/run/evidence.js";
import type { Limits } from "../../src/run/gates/index.js";
import { accountingOf, counts, samplePlan } from "../model/samples.js";

export const minute = 60_000;
export const hour = 60 * minute;
export const limits: Limits = {
  approval: { required: 1, authorMayApproveAlone: false, approvers: [] },
  health: { times: 3, nodes: 90 },
  rehearsalMaxAge: 24 * hour,
  bundleMaxAge: 48 * hour,
  backup: { require: ["teardown"], maxAge: 24 * hour },
  smokeMaxAge: 30 * minute,
  soak: 24 * hour,
  leftover: { sources: [], quietFor: 15 * minute, maxAge: 15 * minute },
};

/** Inside the sample plan's window, a few minutes after everything was done. */
export const now = Date.parse("2026-11-28T22:00:00Z");
export const ago = (ms: number): string => new Date(now - ms).toISOString();

/** Its approval is one of format 1: a name, as anybody's will do where no approvers are configured. */
export type SoundEvidence = Required<Evidence> & { approval: Extract<ApprovalFile, { format: 1 }> };

/** Everything that a cutover asks for, sound: what a test takes away or spoils is all that is wrong. */
export function soundEvidence(): SoundEvidence {
  const plan = samplePlan();
  const green = { clusterId: "green-id" };
  const bundle = {
    hash: "bundle-hash",
    manifest: {
      format: 1 as const,
      exportedAt: ago(100 * minute),
      source: { name: "blue.acme.example", version: "v1.24.17", clusterId: "blue-id" },
      recipients: [],
      kinds: [],
      objects: 3,
    },
  };
  return {
    now,
    configHash: plan.configHash,
    blue: bundle.manifest.source.name,
    plan,
    approval: { format: 1 as const, planHash: plan.hash, by: "Jo Berg", at: ago(110 * minute) },
    allowedSigners: "",
    green: {
      format: 1,
      stack: "acme-1-35",
      clusterId: green.clusterId,
      version: "v1.35.4",
      kubeconfig: "green.kubeconfig",
      context: "green",
      readyAt: ago(90 * minute),
      addresses: { ingress: "192.0.2.2" },
    },
    bundle,
    backup: { format: 1, verifications: [verifiedBackup(bundle.hash, bundle.manifest.exportedAt)] },
    rehearsal: { format: 1, at: ago(80 * minute), bundle: bundle.hash, version: "1.35.4", objects: 3, refused: [] },
    replay: {
      format: 1,
      at: ago(40 * minute),
      green,
      bundle: bundle.hash,
      accounting: accountingOf({ "Deployment.apps": counts({ listed: 3, migrated: 3 }) }),
    },
    parity: { format: 1, at: ago(40 * minute), green, compared: 3, declared: {}, differences: [] },
    held: { format: 1, at: ago(40 * minute), green, objects: [] },
    leftover: {
      format: 1,
      at: ago(minute),
      outcome: "quiet",
      quietSince: ago(21 * minute),
      sources: [
        {
          ...{ name: "ingress", kind: "counter", unit: "requests" },
          outcome: "quiet",
          amount: 0,
          who: [],
          detail: "0.",
        },
      ],
    },
    smoke: {
      format: 1,
      at: ago(5 * minute),
      planHash: plan.hash,
      green: { ...green, version: "v1.35.4" },
      passed: true,
      checks: [{ name: "app answers", kind: "http", outcome: "passed", detail: "200", ms: 12 }],
    },
    health: { blue: healthy(plan.blue.clusterId), green: healthy(green.clusterId) },
    dns: { owned: [], writers: [], registry: { affixes: [], owners: {} } },
    journal: journalOf([ago(3 * hour), lowered(60, ago(2 * hour))]),
  };
}

/** A bundle of the sample plan's blue that was restored, with nothing wrong with it. */
export function verifiedBackup(identity: string, takenAt: string): BackupVerification {
  return {
    at: ago(95 * minute),
    backup: { kind: "bundle", path: "bundle", identity, takenAt },
    source: { version: "v1.24.17", clusterId: "blue-id" },
    restoredInto: { version: "v1.24.17", because: "the backup's own version" },
    blue: null,
    notCompared: "it wasn't asked for",
    objects: 3,
    kinds: { ConfigMap: { objects: 3, arrived: 3, declared: 0 } },
    declared: {},
    defects: [],
    warnings: [],
    outcome: "passed",
  };
}

/** Three good looks. */
function healthy(clusterId: string): HealthLook[] {
  const look: HealthLook = {
    at: ago(0),
    clusterId,
    nodes: { ready: 3, total: 3, notReady: [] },
    workloads: { total: 4, lacking: [] },
  };
  return [look, look, look];
}

/** Journal entries as the journal would give them back; checksums are not looked at above it. */
export function journalOf(...records: [at: string, record: JournalRecord][]): JournalEntry[] {
  return records.map(([at, record], index) => ({ ...record, seq: index + 1, at, sum: "" }));
}

/** `clustershift prepare` has ended; resolvers may hold the old TTL until then. */
export const lowered = (ttl: number, oldTtlEnds: string): JournalRecord => ({
  type: "event",
  phase: "prepare",
  event: "completed",
  data: { number: 1, ttl, oldTtlEnds },
});
export const shiftIntent: JournalRecord = {
  type: "intent",
  step: "cutover-1/route53:Z1/app/A/1",
  phase: "cutover",
  what: "green's share to 1 %",
  target: "route53:Z1",
  before: [],
  after: [],
};
export const shiftDone: JournalRecord = { type: "event", phase: "cutover", event: "completed", data: {} };
export const backIntent: JournalRecord = { ...shiftIntent, step: "rollback-1/route53:Z1", phase: "rollback" };
export const backDone: JournalRecord = { type: "event", phase: "rollback", event: "completed", data: {} };
export const blueGone: JournalRecord = { type: "done", step: "teardown/blue.acme.example", result: null };
export const teardownDone: JournalRecord = { type: "event", phase: "teardown", event: "completed", data: {} };
