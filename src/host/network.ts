/** Ends with the timeout or with the caller's signal, whichever comes first. */
export function deadline(timeoutMs: number, signal?: AbortSignal): AbortSignal {
  const timeout = AbortSignal.timeout(timeoutMs);
  return signal ? AbortSignal.any([timeout, signal]) : timeout;
}

/** What a network error means, in words: its code, and of several tries (IPv4 and IPv6) the first. */
export function networkTrouble(error: unknown, timeoutMs: number): string {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const { name, code, message, cause } = first as { name?: string; code?: string; message?: string; cause?: unknown };
  if (name === "TimeoutError" || code === "UND_ERR_CONNECT_TIMEOUT" || code === "ETIMEDOUT") {
    return `no answer within ${timeoutMs} ms`;
  }
  if (code === "ECONNREFUSED") return "connection refused";
  if (code === "ECONNRESET" || code === "UND_ERR_SOCKET") return "the connection was closed without an answer";
  if (code === undefined && cause !== undefined) return networkTrouble(cause, timeoutMs);
  return code && !message?.includes(code) ? `${code}: ${message}` : (message ?? String(first));
}
