import { createHash, type Hash } from "node:crypto";
import { resolve } from "node:path";
import type { Bucket } from "../../aws/s3.js";
import type { AwsSettings } from "../../aws/settings.js";
import { UserError } from "../../model/errors.js";
import { parseVeleroAddress, type VeleroAddress } from "../../velero/address.js";
import { type BackupFiles, localFiles } from "../../velero/files.js";
import { backupFindings } from "../../velero/findings.js";
import type { StoreLocation } from "../../velero/known-backup.js";
import { type Backup, readBackup } from "../../velero/read-backup.js";
import type { BackupRecord } from "../../velero/record.js";
import { isInScope } from "../../velero/scope.js";
import type { Store } from "../../velero/store.js";
import { type Archive, type ArchiveOptions, clusterIdOf, type Sought, versionOfArchive } from "./archive.js";
import type { Context } from "./command.js";
import { clockOf } from "./targets.js";

/** A Velero backup in blue's place: read whole and found sound, and finished. Throws `UserError` bundle-invalid where it's neither. */
export async function openVelero(from: string, options: ArchiveOptions, context: Context): Promise<Archive> {
  const address = parseVeleroAddress(from) ?? { kind: "file", path: from };
  if (address.kind === "file")
    return openFiles(address.path, await localFiles(resolve(context.edges.cwd, address.path)), options, context);
  const bucket = await openStoreBucket(from, address.bucket, options.aws, context);
  try {
    const { path, files } = await choose(address, bucket, context);
    return await openFiles(path, files, options, context);
  } finally {
    bucket.close();
  }
}

/** The bucket of an address. Throws `UserError` usage where nothing says in which region it is. */
export async function openStoreBucket(
  from: string,
  bucket: string,
  aws: AwsSettings | undefined,
  context: Context,
): Promise<Bucket> {
  const { openBucket } = await import("../../aws/s3.js");
  return openBucket(bucket, awsFor(from, aws, context), { clock: clockOf(context), random: context.edges.random });
}

async function choose(
  { prefix, backup }: VeleroAddress & { kind: "bucket" },
  bucket: Bucket,
  { edges: { signal } }: Context,
): Promise<{ path: string; files: BackupFiles }> {
  const { filesInStore, latestBackup, nothingNamed } = await import("../../velero/store.js");
  const store = { bucket, prefix };
  if (backup === undefined) throw await nothingNamed(store, signal);
  const name = backup === "latest" ? await latestBackup(store, signal) : backup;
  const path = `velero:s3://${bucket.name}${prefix === "" ? "" : `/${prefix}`}#${name}`;
  return { path, files: await filesInStore(store, name, signal) };
}

/** Where a cluster's Velero keeps its backups; the region is that of its own location. */
export async function openLocation(
  { bucket, prefix, region }: StoreLocation,
  aws: AwsSettings,
  context: Context,
): Promise<Store> {
  const settings = region === undefined ? aws : { ...aws, region };
  return { bucket: await openStoreBucket(`velero:s3://${bucket}`, bucket, settings, context), prefix };
}

/** As configured; where no configuration is needed, as the SDK's own variables say. */
function awsFor(from: string, aws: AwsSettings | undefined, { edges: { env } }: Context): AwsSettings {
  if (aws) return aws;
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  const endpoint = env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL;
  if (region) return { region, ...(endpoint && { endpoint }) };
  throw new UserError({
    code: "usage",
    what: `--from ${from}: nothing says in which region its bucket is.`,
    fix: "Set aws.region in clustershift.yaml, or AWS_REGION.",
  });
}

async function openFiles(
  path: string,
  files: BackupFiles,
  options: ArchiveOptions,
  context: Context,
): Promise<Archive> {
  const { edges, progress } = context;
  const hash = createHash("sha256");
  const backup = await readBackup(hashing(files, hash), {
    signal: edges.signal,
    onProgress: (done) => progress.tick("reading the backup", { done, unit: "entries" }),
  });
  const identity = hash.digest("hex");
  try {
    const { record, resources } = backup;
    const found = versionIn(record);
    const { version, by } = versionOfArchive(path, options, found);
    const objects = async function* (resource: (typeof resources)[number]) {
      for await (const batch of backup.batches(resource)) yield* batch;
    };
    const clusterId = await clusterIdOf(resources, objects, options.plan);
    return {
      about: { kind: "velero", path, takenAt: record?.startedAt ?? null, versionBy: by },
      found,
      // A local copy is nobody's but its owner's.
      ...(record?.expiresAt && path.startsWith("velero:s3://") && { keptUntil: record.expiresAt }),
      ...(record?.schedule && { schedule: record.schedule }),
      identity: async () => identity,
      warnings: warnings(backup).map((text) => `${path}: ${text}`),
      findings: backupFindings(backup),
      ...(record && { holds: (object: Sought) => isInScope(record.scope, object) }),
      info: async () => ({ version, clusterId }),
      discover: async () => ({ resources, broken: [] }),
      async *pages(resource) {
        for await (const items of backup.batches(resource)) yield { items, resourceVersion: "" };
      },
      count: (resource) => backup.count(resource),
      close: () => backup.close(),
    };
  } catch (error) {
    await backup.close();
    throw error;
  }
}

/** The same files; what is read of the archive goes into the hash as well, which is then that of its bytes. */
function hashing(files: BackupFiles, hash: Hash): BackupFiles {
  return {
    ...files,
    async *read(file, signal) {
      for await (const chunk of files.read(file, signal)) {
        if (file === files.archive) hash.update(chunk);
        yield chunk;
      }
    },
  };
}

function versionIn(record: BackupRecord | undefined): { version: string; because: string } | undefined {
  return record?.serverVersion === undefined
    ? undefined
    : { version: record.serverVersion, because: "says velero-backup.json" };
}

function warnings({ record, lacking }: Backup): string[] {
  if (!record) return ["velero-backup.json isn't beside the backup: nothing says whether Velero finished it, nor when"];
  if (record.phase !== "PartiallyFailed") return [];
  const missing = lacking.map(({ namespace, kind, name }) => [namespace, kind, name].filter(Boolean).join("/"));
  const named = missing.slice(0, 10).join(", ");
  const others = missing.length > 10 ? ` and ${missing.length - 10} more` : "";
  return [
    `Velero says PartiallyFailed, with ${record.errors} error(s)`,
    ...(missing.length > 0 ? [`Velero couldn't back up ${missing.length} object(s): ${named}${others}`] : []),
  ];
}
