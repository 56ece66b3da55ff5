import { UserError } from "../../model/errors.js";
import type { Faces } from "../../model/faces.js";

/** Reads a part; where AWS refuses it, the rest is read all the same, and the part is named with AWS's own words. */
export type Attempt = <T, Else>(what: string, read: () => Promise<T>, otherwise: Else) => Promise<T | Else>;

export function createAttempt(unread: Faces["unread"]): Attempt {
  return async (what, read, otherwise) => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== "aws-failed") throw error;
      unread.push({ what, why: error.message });
      return otherwise;
    }
  };
}

/** What AWS called the failure: `NoSuchBucketPolicy`. */
export function awsErrorName(error: unknown): string | undefined {
  const { cause } = error as { cause?: unknown };
  return cause instanceof Error ? cause.name : undefined;
}
