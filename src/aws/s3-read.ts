import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Clock } from "../model/clock.js";
import { messageOf, UserError } from "../model/errors.js";
import type { Call } from "./call.js";
import { failureKind } from "./retry.js";

export interface ReadObject {
  key: string;
  size: number;
  etag: string;
}

/** Breaks in a row, without as much progress between them as `progress` bytes, after which an object is given up. */
const mostBreaks = 6;
const progress = 2 ** 20;
const firstWaitMs = 200;
/** Without a byte for so long a connection counts as broken. */
const stallMs = 30_000;

/** See `Bucket.read`. Throws `UserError` aws-failed, or the signal's reason. */
export async function* readObject(
  { client, call, clock, bucket }: { client: S3Client; call: Call; clock: Clock; bucket: string },
  { key, size, etag }: ReadObject,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const where = `s3://${bucket}/${key}`;
  let at = 0;
  let breaks = 0;
  let reached = 0;
  do {
    const body = await open(at);
    const chunks = body[Symbol.asyncIterator]();
    let broke: unknown;
    try {
      for (;;) {
        const { done, value } = await inTime(chunks.next(), () => body.destroy?.());
        if (done) break;
        at += value.length;
        if (at > size) throw failed(where, `it has more than the ${size} bytes that its store lists`);
        yield Buffer.from(value.buffer, value.byteOffset, value.length);
      }
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof UserError || failureKind(error) === "final") throw error;
      broke = error;
    } finally {
      body.destroy?.();
    }
    if (at === size) return;
    if (at - reached >= progress) [breaks, reached] = [0, at];
    if (++breaks > mostBreaks) {
      const why = broke === undefined ? "ended early" : `broke: ${messageOf(broke)}`;
      throw failed(where, `the connection ${why}, at byte ${at} of ${size}, ${breaks} times in a row`, broke);
    }
    await clock.sleep(firstWaitMs * 2 ** (breaks - 1), signal);
  } while (at < size);

  async function open(from: number): Promise<Body> {
    const command = new GetObjectCommand({
      Bucket: bucket,
      Key: key,
      IfMatch: etag,
      ...(from > 0 && { Range: `bytes=${from}-` }),
    });
    const answer = await call({ action: "GetObject", resource: where, signal }, () =>
      client.send(command, { abortSignal: signal }),
    ).catch((error: unknown) => {
      const name = error instanceof UserError ? (error.cause as Error | undefined)?.name : undefined;
      if (name === "PreconditionFailed" || name === "NoSuchKey")
        throw failed(where, name === "NoSuchKey" ? "it is gone" : "it has changed since it was listed", error);
      throw error;
    });
    const { ContentLength: length, ContentRange: range, ETag: served, Body } = answer;
    const begins = range === undefined ? 0 : Number(/^bytes (\d+)-/.exec(range)?.[1]);
    const body = Body as unknown as Body;
    // A store that passes over If-Match or Range would give other bytes than those that are missing.
    const lie =
      served !== undefined && served !== etag
        ? "it has changed since it was listed"
        : begins !== from
          ? `its store answered bytes from ${begins} on, asked for those from ${from} on`
          : length !== undefined && from + length !== size
            ? `its store lists ${size} bytes and sends ${from + length}`
            : undefined;
    if (lie === undefined) return body;
    body.destroy?.();
    throw failed(where, lie);
  }
}

type Body = AsyncIterable<Uint8Array> & { destroy?(): void };

async function inTime<T>(next: Promise<T>, giveUp: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const stalled = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`nothing came for ${stallMs / 1000} s`));
      giveUp();
    }, stallMs);
  });
  try {
    return await Promise.race([next, stalled]);
  } finally {
    clearTimeout(timer);
  }
}

function failed(where: string, why: string, cause?: unknown): UserError {
  return new UserError({
    code: "aws-failed",
    what: `${where} can't be read: ${why}.`,
    fix: "See that nobody is writing it, and that its store can be reached; then run the same command again.",
    ...(cause !== undefined && { cause }),
  });
}
