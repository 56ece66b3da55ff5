import { UserError } from "../model/errors.js";

/** What follows `velero:` in `--from`. */
export type VeleroAddress =
  | { kind: "file"; path: string }
  | {
      kind: "bucket";
      bucket: string;
      /** As Velero's storage location has it: without slashes at its ends, mostly empty. */
      prefix: string;
      /** Name of a backup, or `latest`; undefined where none is named. */
      backup?: string;
    };

export const addressForm = "velero:s3://BUCKET[/PREFIX]#BACKUP";

/** Undefined where it is no such address: a plain path. Throws `UserError` usage where it's one that means nothing. */
export function parseVeleroAddress(text: string): VeleroAddress | undefined {
  if (!text.startsWith("velero:")) return undefined;
  const rest = text.slice("velero:".length);
  if (!/^[a-z][a-z0-9]*:\/\//i.test(rest)) {
    if (rest === "") throw unclear(text, "names nothing");
    return { kind: "file", path: rest };
  }
  const found = /^s3:\/\/([^/#]*)(?:\/([^#]*))?(?:#(.*))?$/.exec(rest);
  if (!found) throw unclear(text, "is of no store that is known");
  const [, bucket = "", prefix = "", backup] = found;
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) throw unclear(text, `names no bucket: "${bucket}"`);
  if (backup !== undefined && !isBackupName(backup)) throw unclear(text, `names no backup: "${backup}"`);
  return {
    kind: "bucket",
    bucket,
    prefix: prefix.replace(/^\/+|\/+$/g, ""),
    ...(backup !== undefined && { backup }),
  };
}

/** Names of Kubernetes' objects, which backups are. */
export function isBackupName(name: string): boolean {
  return name.length <= 253 && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name);
}

function unclear(text: string, why: string): UserError {
  return new UserError({
    code: "usage",
    what: `--from ${text} ${why}.`,
    fix: `Write ${addressForm}, or velero:FILE for an archive on this machine. #latest takes the newest that Velero completed.`,
  });
}
