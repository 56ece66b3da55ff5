import type { ObjectRef } from "./objects.js";

/** What can be wrong with a backup, by name, and what each means. docs/backups.md has the same table. */
export const defects = {
  unreadable: "It isn't there, or isn't what a backup of its kind is made of.",
  truncated: "It ends early, or a file of it is shorter or longer than it says of itself.",
  altered: "Its content isn't what was written: a hash, a checksum or a form is another one.",
  incomplete: "By its own word it should hold more than it does, or was never finished.",
  stray: "It has what doesn't belong to it.",
  duplicate: "Something is in it twice.",
  "secret-undecryptable": "Its Secrets can't be decrypted by the identity that is at hand, or there is none.",
  "secret-lost": "Something in it names a Secret that isn't in it.",
  "dangling-reference": "Something in it names an object that isn't in it.",
  "definition-missing": "It has custom resources, and not the definition that they are of.",
  "definition-without-schema": "A CustomResourceDefinition has a version without a schema, which no API server takes.",
  "other-cluster": "It is of another cluster than blue.",
  "wrong-version":
    "It says another version of Kubernetes than blue has, or has objects in versions that its own didn't serve.",
  missing: "Blue has an object that is older than the backup, and isn't in it.",
  replaced: "Blue has another object of that name, which is older than the backup.",
  refused: "The API server refused an object, in its own words.",
  "not-arrived": "An object was restored, and then wasn't there.",
  differs: "An object arrived, and is another one than the backup says.",
} as const;

export type DefectId = keyof typeof defects;

export interface BackupDefect {
  id: DefectId;
  /** Absent where it is none of one object's. */
  object?: ObjectRef;
  /** One sentence or more: where, and what. Never has a Secret's values. */
  what: string;
}

/** How far blue had gone on when it was asked. */
export interface ChangedSince {
  made: number;
  changed: number;
  gone: number;
  /** Some of them, as `refKey` names them, with what became of them. */
  examples: string[];
}

/** What `backup verify` found of one backup. */
export interface BackupVerification {
  /** When it began. ISO 8601, UTC. */
  at: string;
  backup: {
    kind: "bundle" | "velero" | "folder";
    /** Path, or address in an object store. */
    path: string;
    /** sha256, hex: a bundle's hash, that of a Velero archive's bytes, that of a folder's objects; null where it can't be read. */
    identity: string | null;
    takenAt: string | null;
    /** When Velero deletes it from its store. ISO 8601, UTC; absent where nobody deletes it by itself. */
    keptUntil?: string;
    /** Velero's Schedule that made it; absent where somebody asked for it. */
    schedule?: string;
  };
  /** Null where the backup can't be read. */
  source: { version: string; clusterId: string } | null;
  /** The throw-away control plane; null where nothing was restored. `because`: why it's of this version. */
  restoredInto: { version: string; because: string } | null;
  /** Blue's lists; null where blue wasn't asked, and `notCompared` says why. */
  blue: { at: string; objects: number; changedSince: ChangedSince } | null;
  notCompared?: string;
  /** In the backup. */
  objects: number;
  /** By `Kind.group`: in the backup, arrived in the control plane, left out by a rule that is named, and on blue where it was asked. */
  kinds: Record<string, { objects: number; arrived: number; declared: number; blue?: number }>;
  /** Differences between the backup and what arrived that a rule or a tolerance declares, by its name. */
  declared: Record<string, number>;
  defects: BackupDefect[];
  /** What a person should know, and is no defect. */
  warnings: string[];
  outcome: "passed" | "failed";
}

/** backup.json: the latest verification of each backup, the newest verification last. */
export interface BackupFile {
  format: 1;
  verifications: BackupVerification[];
}

/** With one more verification, in the place of an earlier one of the same backup. */
export function withVerification(file: BackupFile | undefined, verification: BackupVerification): BackupFile {
  const others = (file?.verifications ?? []).filter(({ backup }) => !isSameBackup(backup, verification.backup));
  return { format: 1, verifications: [...others, verification] };
}

function isSameBackup(one: BackupVerification["backup"], other: BackupVerification["backup"]): boolean {
  return one.identity === null || other.identity === null
    ? one.path === other.path
    : one.identity === other.identity || (one.path === other.path && one.takenAt === other.takenAt);
}
