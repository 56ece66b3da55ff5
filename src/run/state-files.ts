import { z } from "zod";
import type { ParityReport, ReplayRecord } from "../model/accounting.js";
import type { ApprovalFile } from "../model/approval.js";
import type { BackupFile } from "../model/backup.js";
import type { HeldRecord } from "../model/held.js";
import type { LeftoverReport } from "../model/leftover.js";
import type { Plan } from "../model/plan.js";
import type { GreenRecord, RehearsalReport } from "../model/run.js";
import type { SmokeReport } from "../model/smoke.js";
import type { TeardownReceipt } from "../model/teardown.js";
import type { ValidationReport } from "../model/validation.js";
import { volumeStrategies } from "../model/volumes.js";
import { weekdays } from "../model/window.js";

/** The state files of a run, and what each holds. docs/formats.md shows them. */
export interface StateFiles {
  "plan.json": Plan;
  "approval.json": ApprovalFile;
  "green.json": GreenRecord;
  "validation.json": ValidationReport;
  "backup.json": BackupFile;
  "rehearsal.json": RehearsalReport;
  "replay.json": ReplayRecord;
  "parity.json": ParityReport;
  "held.json": HeldRecord;
  "smoke.json": SmokeReport;
  "leftover.json": LeftoverReport;
  "teardown.json": TeardownReceipt;
}

/**
 * What gates and commands rely on in each state file. Loose: fields that only people read aren't asked for, and what a
 * newer clustershift adds passes.
 */
const text = z.string();
const green = z.looseObject({ clusterId: text });
const count = z.int().nonnegative();
const counts = z.looseObject({
  listed: count,
  migrated: count,
  merged: count,
  derived: count,
  skipped: count,
  dropped: count,
  failed: count,
});
const ref = z.looseObject({ group: text, kind: text, name: text });
const cluster = z.looseObject({ name: text, version: text, clusterId: text });

const resource = { kind: text, id: text, name: text, because: text };

const approved = { planHash: text, by: text, at: text };
const proof = z.discriminatedUnion("kind", [
  z.looseObject({ kind: z.literal("name") }),
  z.looseObject({ kind: z.literal("aws"), arn: text }),
  z.looseObject({ kind: z.literal("ssh"), signature: text }),
]);

const shapes: Record<keyof StateFiles, z.ZodType> = {
  "plan.json": z.looseObject({
    hash: text,
    configHash: text,
    blue: cluster,
    green: z.looseObject({ version: text }),
    findings: z.array(z.looseObject({ id: text, severity: z.enum(["blocker", "warning", "note"]) })),
    kinds: z.array(z.looseObject({ kind: text, count })),
    steps: z.array(z.looseObject({ phase: text, what: text })),
    window: z
      .looseObject({
        opens: text.optional(),
        closes: text.optional(),
        weekly: z
          .array(z.looseObject({ days: z.array(z.enum(weekdays)), from: text, to: text, timeZone: text }))
          .optional(),
        freezes: z.array(z.looseObject({ from: text, to: text, reason: text })).optional(),
      })
      .nullable(),
    rollbackSeconds: z.number().nonnegative(),
    targets: z.array(z.unknown()),
    exclusive: z
      .array(
        z.looseObject({
          object: ref,
          rule: text,
          edited: ref,
          field: text,
          value: z.json(),
          first: z.boolean().optional(),
        }),
      )
      .optional(),
    volumes: z
      .array(
        z.looseObject({
          claim: ref,
          arrivesAs: ref.optional(),
          strategy: z.enum(volumeStrategies),
          rule: text,
          volume: text.optional(),
          handle: text.optional(),
          zone: z.looseObject({ from: text, to: text }).optional(),
          users: z.array(ref),
        }),
      )
      .optional(),
    author: z.looseObject({ user: text, host: text, arn: text.optional() }).optional(),
  }),
  "approval.json": z.discriminatedUnion("format", [
    z.looseObject({ format: z.literal(1), ...approved }),
    z.looseObject({ format: z.literal(2), approvals: z.array(z.looseObject({ ...approved, proof })) }),
  ]),
  "green.json": z.looseObject({
    stack: text,
    clusterId: text,
    version: text,
    kubeconfig: text,
    context: text,
    readyAt: text,
    addresses: z.record(text, text),
    groups: z.array(z.looseObject({ name: text, zones: z.array(text) })).optional(),
  }),
  "validation.json": z.looseObject({
    at: text,
    green,
    outcome: z.enum(["passed", "failed", "inconclusive"]),
    steady: z.looseObject({ ms: z.number().nonnegative(), looks: count }),
    checks: z.array(z.looseObject({ name: text, outcome: z.enum(["passed", "failed", "inconclusive"]), detail: text })),
  }),
  "backup.json": z.looseObject({
    verifications: z.array(
      z.looseObject({
        at: text,
        backup: z.looseObject({
          path: text,
          identity: text.nullable(),
          takenAt: text.nullable(),
          keptUntil: text.optional(),
          schedule: text.optional(),
        }),
        source: z.looseObject({ version: text, clusterId: text }).nullable(),
        restoredInto: z.looseObject({ version: text }).nullable(),
        defects: z.array(z.looseObject({ id: text, what: text })),
        outcome: z.enum(["passed", "failed"]),
      }),
    ),
  }),
  "rehearsal.json": z.looseObject({ bundle: text, version: text, refused: z.array(z.unknown()) }),
  "replay.json": z.looseObject({
    at: text,
    green,
    bundle: text,
    accounting: z.looseObject({ kinds: z.record(text, counts), total: counts }),
    left: z.looseObject({ missing: z.array(z.unknown()) }).optional(),
  }),
  "parity.json": z.looseObject({ green, differences: z.array(z.unknown()) }),
  "held.json": z.looseObject({
    green,
    objects: z.array(
      z.looseObject({
        object: ref,
        apiVersion: text,
        hold: text,
        until: z.enum(["cutover", "teardown", "person"]),
        pointer: text,
      }),
    ),
  }),
  "smoke.json": z.looseObject({
    at: text,
    planHash: text,
    green,
    passed: z.boolean(),
    checks: z.array(z.looseObject({ name: text, outcome: z.enum(["passed", "failed", "inconclusive"]) })),
  }),
  "leftover.json": z.looseObject({
    at: text,
    outcome: z.enum(["quiet", "some", "unknown"]),
    quietSince: text.nullable(),
    sources: z.array(z.looseObject({ name: text, outcome: z.enum(["quiet", "some", "unknown"]), detail: text })),
  }),
  "teardown.json": z.looseObject({
    at: text,
    blue: text,
    goneAt: text,
    bundle: z.looseObject({ path: text, hash: text }).nullable(),
    drained: z.array(z.looseObject({ object: text, at: text })),
    snapshots: z.array(z.looseObject({ id: text, volume: text, of: text, at: text, keepUntil: text })),
    removed: z.array(z.looseObject({ ...resource, at: text })),
    kept: z.array(z.looseObject({ ...resource, kept: text })),
    left: z.array(z.looseObject(resource)),
    unseen: z.array(z.looseObject({ kind: text, why: text })),
  }),
};

/** All of them. */
export const stateFileNames = Object.keys(shapes) as (keyof StateFiles)[];

/** The formats of a state file that are read; the last is the one that is written. */
export function formatsOf(name: keyof StateFiles): number[] {
  return name === "approval.json" ? [1, 2] : [1];
}

/** Why a state file's content isn't what it should be, by its first mistake; undefined where it is. */
export function misshapen(name: keyof StateFiles, value: unknown): string | undefined {
  const issue = shapes[name].safeParse(value).error?.issues[0];
  if (!issue) return undefined;
  return `its field ${issue.path.join(".") || "(all)"} is missing or isn't what it should be`;
}
