import type { BackupVerification } from "../../../src/model/backup.js";
import { UserError } from "../../../src/model/errors.js";
import type { ExitCodeName } from "../../../src/model/exit-codes.js";
import type { DnsWriter } from "../../../src/model/external-dns.js";
import type { JournalEntry } from "../../../src/model/journal.js";
import { type RestoredClaim, restoredEvent } from "../../../src/model/restored.js";
import type { PlannedVolume } from "../../../src/model/volumes.js";
import type { Evidence } from "../../../src/run/evidence.js";
import { checkGates, type GatedCommand, type gates, type Limits } from "../../../src/run/gates/index.js";
import { samplePlan } from "../../model/samples.js";
import {
  ago,
  hour,
  journalOf,
  minute,
  type SoundEvidence,
  shiftDone,
  shiftIntent,
  limits as withoutTtl,
} from "../evidence.js";

/** Every gate has something to say. */
export const limits: Limits = {
  ...withoutTtl,
  ttl: minute,
  backup: { require: ["cutover", "teardown"], maxAge: 24 * hour },
};

export type Spoil = (evidence: SoundEvidence) => Evidence;
export type Row = [what: string, gate: keyof typeof gates, code: ExitCodeName, spoil: Spoil, says: RegExp];

export const takers = new Set<Spoil>();
export const isTaken = ([, , , spoil]: Row): boolean => takers.has(spoil);
export function without(...keys: (keyof Evidence)[]): Spoil {
  const spoil: Spoil = (evidence) =>
    Object.fromEntries(
      Object.entries(evidence).filter(([key]) => !keys.includes(key as keyof Evidence)),
    ) as unknown as Evidence;
  takers.add(spoil);
  return spoil;
}

/** The verified backup, changed; with a time it is another one than the run's bundle, taken then. */
export function backedUp(change: Partial<BackupVerification>, takenAt?: string): Spoil {
  return (evidence) => {
    const [first] = evidence.backup?.verifications ?? [];
    if (!first) throw new Error("nothing was verified");
    const backup =
      takenAt === undefined ? first.backup : { ...first.backup, path: "other", identity: "other", takenAt };
    return { ...evidence, backup: { format: 1, verifications: [{ ...first, ...change, backup }] } };
  };
}

/** Velero keeps the verified backup until then. */
export const kept =
  (keptUntil: string): Spoil =>
  (evidence) => {
    const verifications = evidence.backup?.verifications ?? [];
    return {
      ...evidence,
      backup: {
        format: 1,
        verifications: verifications.map((each) => ({ ...each, backup: { ...each.backup, keptUntil } })),
      },
    };
  };

/** With another plan, for which everything else is made to fit. */
export const planned =
  (parts: Parameters<typeof samplePlan>[0]): Spoil =>
  (evidence) => {
    const plan = samplePlan(parts);
    return {
      ...evidence,
      plan,
      approval: { ...evidence.approval, planHash: plan.hash },
      smoke: { ...evidence.smoke, planHash: plan.hash },
    };
  };
/** An external-dns that would write over what moves. */
export const writer = (cluster: DnsWriter["cluster"], runs: boolean): DnsWriter => ({
  ...{ cluster, runs, policy: "sync", owner: "one", names: ["app.acme.example. A"], why: 'owns them by its id "one"' },
  object: { group: "apps", kind: "Deployment", namespace: "dns", name: "external-dns" },
});
export const byVelero: PlannedVolume = {
  claim: { group: "", kind: "PersistentVolumeClaim", namespace: "shop", name: "data" },
  ...{ strategy: "velero", rule: "r", reason: "Because.", users: [] },
};
export const restoredOn = (clusterId: string): JournalEntry => ({
  ...{ ...restoredEvent, data: { claim: "shop/data", clusterId, restore: "r" } satisfies RestoredClaim },
  ...{ seq: 1, at: ago(hour), sum: "" },
});
export const blocker = { id: "no-path", severity: "blocker" as const, why: "w", whatToDo: "d" };

export const moved = journalOf([ago(25 * hour), shiftIntent], [ago(24 * hour), shiftDone]);

export const refusals = (command: GatedCommand, evidence: Evidence) =>
  checkGates(command, evidence, limits).filter(({ refusal }) => refusal);

export function thrown(work: () => unknown): UserError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}
