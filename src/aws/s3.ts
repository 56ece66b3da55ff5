import {
  GetObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  S3Client,
  type S3ServiceException,
} from "@aws-sdk/client-s3";
import type { Clock } from "../model/clock.js";
import { UserError } from "../model/errors.js";
import { createCall } from "./call.js";
import { readObject } from "./s3-read.js";
import { type AwsSettings, clientSettings } from "./settings.js";

/** One bucket. Every method throws UserError `aws-failed`, naming the action and the object, or the signal's reason. */
export interface Bucket {
  readonly name: string;
  /** All keys that begin so, in S3's order. */
  keys(prefix: string, signal: AbortSignal): Promise<{ key: string; size: number; etag: string }[]>;
  /** What stands between a prefix and the next slash, once each: `runs/` gives `a` and `b` for runs/a/x, runs/a/y and runs/b/z. */
  folders(prefix: string, signal: AbortSignal): Promise<string[]>;
  /** Undefined where there is no such object. */
  get(key: string, signal: AbortSignal): Promise<{ body: Buffer; etag: string } | undefined>;
  /**
   * An object's bytes as they come, exactly `size` of them, and all of the version that `etag` names. A connection that breaks
   * is taken up again where it was.
   */
  read(object: { key: string; size: number; etag: string }, signal: AbortSignal): AsyncGenerator<Buffer>;
  /**
   * The new object's etag; undefined where the condition doesn't hold. One whose answer was lost is sent again, and then may
   * find itself there: a caller with a condition has to look.
   */
  put(key: string, body: Buffer, condition: PutCondition, signal: AbortSignal): Promise<string | undefined>;
  close(): void;
}

export type PutCondition = "any" | "absent" | { etag: string };

/** S3's answers to a conditional write that came second. */
const conditionFailed = new Set(["PreconditionFailed", "ConditionalRequestConflict"]);

export function openBucket(
  name: string,
  aws: AwsSettings,
  { clock, random = Math.random }: { clock: Clock; random?: () => number },
): Bucket {
  const client = new S3Client({
    ...clientSettings(aws),
    // A record that can't be kept may cost its deadline, and nothing more.
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
    ...(aws.endpoint && { forcePathStyle: true }),
    // Not every store that speaks S3 knows the newer checksums.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  const { call } = createCall({ clock, now: () => performance.now(), random });

  async function* pages(prefix: string, delimiter: string | undefined, signal: AbortSignal) {
    let next: string | undefined;
    do {
      const command = new ListObjectsV2Command({
        Bucket: name,
        Prefix: prefix,
        Delimiter: delimiter,
        ContinuationToken: next,
      });
      const page: ListObjectsV2CommandOutput = await call(
        { action: "ListObjectsV2", resource: `s3://${name}/${prefix}`, signal },
        () => client.send(command, { abortSignal: signal }),
      );
      yield page;
      next = page.NextContinuationToken;
    } while (next !== undefined);
  }

  return {
    name,
    async keys(prefix, signal) {
      const found = [];
      for await (const { Contents = [] } of pages(prefix, undefined, signal)) {
        for (const { Key = "", Size = 0, ETag = "" } of Contents) found.push({ key: Key, size: Size, etag: ETag });
      }
      return found;
    },
    async folders(prefix, signal) {
      const found = [];
      for await (const { CommonPrefixes = [] } of pages(prefix, "/", signal)) {
        for (const { Prefix = "" } of CommonPrefixes) found.push(Prefix.slice(prefix.length, -1));
      }
      return found;
    },
    async get(key, signal) {
      try {
        return await call({ action: "GetObject", resource: `s3://${name}/${key}`, signal }, async () => {
          const answer = await client.send(new GetObjectCommand({ Bucket: name, Key: key }), { abortSignal: signal });
          const bytes = (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
          return { body: Buffer.from(bytes), etag: answer.ETag ?? "" };
        });
      } catch (error) {
        if (causeOf(error)?.name === "NoSuchKey") return undefined;
        throw error;
      }
    },
    read: (object, signal) => readObject({ client, call, clock, bucket: name }, object, signal),
    async put(key, body, condition, signal) {
      const command = new PutObjectCommand({
        Bucket: name,
        Key: key,
        Body: body,
        ...(condition === "absent" && { IfNoneMatch: "*" }),
        ...(typeof condition === "object" && { IfMatch: condition.etag }),
      });
      try {
        const { ETag = "" } = await call({ action: "PutObject", resource: `s3://${name}/${key}`, signal }, () =>
          client.send(command, { abortSignal: signal }),
        );
        return ETag;
      } catch (error) {
        const { name: why = "" } = causeOf(error) ?? {};
        // An If-Match on an object that is gone is answered as a missing key.
        if (condition !== "any" && (conditionFailed.has(why) || why === "NoSuchKey")) return undefined;
        throw error;
      }
    },
    close() {
      client.destroy();
    },
  };
}

function causeOf(error: unknown): S3ServiceException | undefined {
  return error instanceof UserError ? (error.cause as S3ServiceException | undefined) : undefined;
}
