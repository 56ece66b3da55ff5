import type { Clock } from "../model/clock.js";
import { messageOf, UserError } from "../model/errors.js";
import type { Meter } from "./api.js";
import { createMeter } from "./meter.js";
import { createRateLimit } from "./rate-limit.js";
import { failureKind, withRetry } from "./retry.js";

export interface CallOptions {
  /** The API's own name: `ChangeResourceRecordSets`. */
  action: string;
  /** What it is about, for people: `hosted zone Z1`. */
  resource: string;
  /** False: not sent again where it is unclear whether it was done. Default: true. */
  idempotent?: boolean;
  signal?: AbortSignal;
}

export type Call = <T>(options: CallOptions, send: () => Promise<T>) => Promise<T>;

const hints: Record<string, string> = {
  AccessDenied:
    "Give these credentials the permission: `clustershift permissions aws PHASE` prints all that are needed.",
  UnauthorizedOperation:
    "Give these credentials the permission: `clustershift permissions aws PHASE` prints all that are needed.",
  CredentialsProviderError:
    "Give credentials: AWS_PROFILE, aws.profile in clustershift.yaml, or a role of the machine.",
  ExpiredToken: "Sign in again: the credentials have expired.",
  InvalidAccessKeyId:
    "Check the credentials: AWS doesn't know this access key. AWS_PROFILE or aws.profile choose others.",
  SignatureDoesNotMatch: "Check the credentials: the secret key isn't that of the access key.",
  NoSuchBucket: "Check the bucket's name, and that aws.region and aws.endpoint are those of its store.",
  PermanentRedirect: "Set aws.region to the region of the bucket.",
};

/** One way for every AWS call: rated, timed, retried, and with errors that name action and resource. */
export function createCall({
  perSecond,
  clock,
  now,
  random,
}: {
  perSecond?: number;
  clock: Clock;
  now: () => number;
  random: () => number;
}): {
  call: Call;
  meter: Meter;
} {
  const meter = createMeter(now);
  const rated = perSecond === undefined ? undefined : createRateLimit(perSecond, clock);
  const call: Call = async ({ action, resource, idempotent = true, signal }, send) => {
    try {
      return await withRetry(
        async () => {
          await rated?.(signal);
          return meter.time(action, send);
        },
        { idempotent, clock, random, ...(signal && { signal }) },
      );
    } catch (error) {
      signal?.throwIfAborted();
      throw awsFailed(action, resource, error);
    }
  };
  return { call, meter };
}

function awsFailed(action: string, resource: string, error: unknown): UserError {
  const name = error instanceof Error ? error.name : "Error";
  const unclear = failureKind(error) === "unclear";
  return new UserError({
    code: "aws-failed",
    what: `${action} of ${resource} failed: ${name}: ${messageOf(error)}`,
    fix:
      hints[name] ??
      (unclear
        ? "See that AWS can be reached, then run the same command again."
        : "Mend the cause, then run the same command again."),
    cause: error,
  });
}
