import type { Clock } from "../model/clock.js";

/** Refused before anything was done, so that any call may be sent again. */
const refusals = new Set([
  "Throttling",
  "ThrottlingException",
  "ThrottledException",
  "RequestThrottled",
  "RequestThrottledException",
  "RequestLimitExceeded",
  "TooManyRequestsException",
  "PriorRequestNotComplete",
  "SlowDown",
]);

/** `refused`: surely not done. `unclear`: perhaps done, nobody knows. `final`: the service understood and said no. */
export type FailureKind = "refused" | "unclear" | "final";

export function failureKind(error: unknown): FailureKind {
  const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  if (name !== undefined && refusals.has(name)) return "refused";
  const status = $metadata?.httpStatusCode;
  return status !== undefined && status >= 400 && status < 500 ? "final" : "unclear";
}

const attempts = 8;
const firstWaitMs = 200;
const longestWaitMs = 10_000;

/**
 * Sends again, with waits that double, what was refused for its rate, and, where `idempotent`, also what ended unclearly.
 * After the last attempt the error is thrown as it came.
 */
export async function withRetry<T>(
  call: () => Promise<T>,
  {
    idempotent,
    clock,
    random,
    signal,
  }: { idempotent: boolean; clock: Clock; random: () => number; signal?: AbortSignal },
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      const kind = failureKind(error);
      const again = kind === "refused" || (kind === "unclear" && idempotent);
      if (!again || attempt === attempts || signal?.aborted) throw error;
      const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** (attempt - 1));
      // Half of it at random: two clients that collided don't collide again.
      await clock.sleep(wait * (0.5 + random() / 2), signal);
    }
  }
}
