import { type Dispatcher, request } from "undici";
import type { Delivery } from "./sink.js";

export interface Post {
  url: URL;
  body: string;
  headers: Record<string, string>;
}

export interface PostEdges {
  /** Milliseconds since the epoch. */
  now(): number;
  timeoutMs: number;
  signal: AbortSignal;
}

const mostRedirects = 3;
/** Answers that say: not now. */
const later: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * Posts once. Redirects are followed on the same origin only, with the same body: another host must not get what was meant for this
 * one. Of what went wrong only the kind is told.
 */
export async function post({ url, body, headers }: Post, { now, timeoutMs, signal }: PostEdges): Promise<Delivery> {
  const timeout = AbortSignal.timeout(timeoutMs);
  let at = url;
  try {
    for (let redirects = 0; redirects <= mostRedirects; redirects++) {
      const answer = await request(at, { method: "POST", body, headers, signal: AbortSignal.any([timeout, signal]) });
      // A few bytes are read, so that the connection can be used again; what they say is nobody's business.
      await answer.body.dump({ limit: 16 * 1024 }).catch(() => undefined);
      const next = redirectOf(answer, at);
      if (!next) return judge(answer, now());
      if (next === "elsewhere") {
        return { outcome: "refused", why: "it redirects to another place, which is not followed", again: false };
      }
      at = next;
    }
    return { outcome: "refused", why: "it redirects in circles", again: false };
  } catch (error) {
    if (signal.aborted) return { outcome: "refused", why: "there was no time left", again: false };
    return {
      outcome: "refused",
      why: timeout.aborted ? `no answer within ${timeoutMs} ms` : trouble(error),
      again: true,
    };
  }
}

function redirectOf({ statusCode, headers }: Dispatcher.ResponseData, from: URL): URL | "elsewhere" | undefined {
  if (statusCode < 300 || statusCode > 399) return undefined;
  const location = [headers.location ?? []].flat()[0];
  // 301 to 303 ask for a GET in the end, which tells nobody anything.
  if (location === undefined || ![307, 308].includes(statusCode) || !URL.canParse(location, from.href))
    return "elsewhere";
  const next = new URL(location, from);
  return next.origin === from.origin ? next : "elsewhere";
}

function judge({ statusCode, headers }: Dispatcher.ResponseData, now: number): Delivery {
  if (statusCode >= 200 && statusCode <= 299) return { outcome: "delivered" };
  const afterMs = retryAfter([headers["retry-after"] ?? []].flat()[0], now);
  return {
    outcome: "refused",
    why: `it answered ${statusCode}`,
    again: statusCode >= 500 || later.has(statusCode),
    ...(afterMs !== undefined && { afterMs }),
  };
}

/** `Retry-After`: seconds, or a date. */
function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** By its code alone: the messages of network errors hold host names. */
function trouble(error: unknown): string {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const { code, cause } = (first ?? {}) as { code?: string; cause?: unknown };
  if (code === "ECONNREFUSED") return "connection refused";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "its name doesn't resolve";
  if (code === "ECONNRESET" || code === "UND_ERR_SOCKET" || code === "EPIPE") return "the connection was cut";
  if (code === undefined && cause !== undefined) return trouble(cause);
  return `it can't be reached (${code ?? "for a reason without a code"})`;
}
