import { createHmac } from "node:crypto";
import type { Notice } from "../notice.js";

/** A notice as a generic webhook gets it, and as the file keeps it. docs/notices.md has the schema. */
export function eventBody({ facts, ...notice }: Notice): unknown {
  return { format: 1, ...notice, facts };
}

/**
 * Headers by which a receiver tells that it was us, and when: HMAC-SHA256 over `TIMESTAMP.BODY`, hex. The time is signed too, so
 * that nobody can send an old notice again.
 *
 * @param now milliseconds since the epoch
 */
export function signatureHeaders(body: string, secret: string, now: number): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000));
  const signature = createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
  return { "x-clustershift-timestamp": timestamp, "x-clustershift-signature": `sha256=${signature}` };
}
