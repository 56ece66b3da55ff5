import { setTimeout as sleep } from "node:timers/promises";
import { Agent, type Dispatcher, Pool, ProxyAgent } from "undici";
import {
  codeOf,
  isCertificateTrouble,
  kubeErrorOf,
  notKubernetes,
  refused,
  unreachable,
  wasNotSent,
} from "./errors.js";
import { parse, stringify } from "./json.js";
import type { Access, Credentials } from "./kubeconfig.js";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface Call {
  method: Method;
  /** From the server's root, e.g. `/api/v1/pods`. */
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  contentType?: string;
  /** Doing it twice is the same as doing it once, so that it may be repeated when the connection breaks. */
  repeatable?: boolean;
  /** Tries altogether; default `Tuning.attempts`. */
  attempts?: number;
  signal?: AbortSignal | undefined;
}

/** Times in milliseconds. */
export interface Tuning {
  connections: number;
  /** Tries altogether. */
  attempts: number;
  firstWaitMs: number;
  connectTimeoutMs: number;
  /** To the first byte of an answer; an API server gives up by itself after 60 s. */
  answerTimeoutMs: number;
  /** Between two pieces of an answer. */
  silenceTimeoutMs: number;
  /** Between two pieces of a watch: bookmarks come about every minute. */
  watchSilenceTimeoutMs: number;
}

export const defaultTuning: Tuning = {
  connections: 32,
  attempts: 5,
  firstWaitMs: 250,
  connectTimeoutMs: 10_000,
  answerTimeoutMs: 70_000,
  silenceTimeoutMs: 60_000,
  watchSilenceTimeoutMs: 90_000,
};

const longestWaitMs = 30_000;

export interface Transport {
  readonly name: string;
  readonly server: string;
  /** The JSON of a success. Throws KubeError, or UserError cluster-unreachable. */
  call(call: Call): Promise<unknown>;
  /** The bytes of a success, on a connection of its own; breaks with whatever the socket says. */
  stream(call: Call): Promise<AsyncIterable<Uint8Array>>;
  close(): Promise<void>;
}

/** Credentials, and the connections that were made with them. */
interface Session {
  credentials: Credentials;
  calls: Dispatcher;
  streams: Dispatcher;
}

/**
 * HTTP/1.1 to one API server. A call is repeated when nothing of it can have had an effect: a 429, a connection that was
 * never made, and for calls that are repeatable also broken connections and 5xx. Methods other than those given are
 * refused before anything is sent.
 */
export function createTransport(access: Access, methods: readonly Method[], tuning: Tuning = defaultTuning): Transport {
  const { origin, pathname } = new URL(access.server);
  const prefix = pathname.replace(/\/$/, "");
  let session: Promise<Session> | undefined;

  function current(): Promise<Session> {
    if (!session) {
      const opening = openSession(access, origin, tuning);
      session = opening;
      opening.catch(() => {
        if (session === opening) session = undefined;
      });
    }
    return session;
  }

  /** Many calls meet the same 401; only the first one asks for new credentials. */
  async function renew(used: Session): Promise<void> {
    if ((await current()) !== used) return;
    session = undefined;
    void used.calls.close();
    void used.streams.close();
  }

  async function send(call: Call, { credentials, calls, streams }: Session, streaming: boolean) {
    const headers: Record<string, string> = {
      accept: "application/json",
      "user-agent": "clustershift",
      ...credentials.headers,
    };
    if (call.body !== undefined) headers["content-type"] = call.contentType ?? "application/json";
    return (streaming ? streams : calls).request({
      origin,
      path: prefix + call.path + queryOf(call.query),
      method: call.method,
      headers,
      body: call.body === undefined ? null : stringify(call.body),
      headersTimeout: tuning.answerTimeoutMs,
      bodyTimeout: streaming ? tuning.watchSilenceTimeoutMs : tuning.silenceTimeoutMs,
      ...(call.signal ? { signal: call.signal } : {}),
    });
  }

  /** Tries until there is a success; `finish` reads it, and what it throws counts as a broken connection. */
  async function attempt<T>(
    call: Call,
    streaming: boolean,
    finish: (body: Dispatcher.ResponseData["body"]) => Promise<T>,
  ): Promise<T> {
    if (!methods.includes(call.method)) {
      throw new Error(`This connection to ${access.name} only reads: ${call.method} ${call.path} was not sent.`);
    }
    const attempts = call.attempts ?? tuning.attempts;
    const repeatable = call.method === "GET" || call.repeatable === true;
    let renewed = false;
    for (let tried = 1; ; tried++) {
      const last = tried >= attempts;
      const used = await current();
      let retryAfter: string | undefined;
      try {
        const { statusCode, headers, body } = await send(call, used, streaming);
        if (statusCode < 300) return await finish(body);
        const error = kubeErrorOf(statusCode, await body.text());
        if (statusCode === 401) {
          if (renewed) throw new Final(refused(access, error.message));
          renewed = true;
          await renew(used).catch((cause: unknown) => {
            throw new Final(cause);
          });
          continue;
        }
        if (last || !(statusCode === 429 || (repeatable && statusCode >= 500))) throw new Final(error);
        retryAfter = String(headers["retry-after"] ?? "");
      } catch (error) {
        if (error instanceof Final) throw error.error;
        call.signal?.throwIfAborted();
        // Renewed credentials closed these connections between taking and using them.
        if (isClosed(error) && (await current()) !== used) continue;
        if (error instanceof NotJson) {
          if (last || !repeatable) throw notKubernetes(access, call.path, error.text);
        } else if (last || isCertificateTrouble(error) || !(repeatable || wasNotSent(error)) || isClosed(error)) {
          throw unreachable(access, error);
        }
      }
      await sleep(waitMs(tried, tuning.firstWaitMs, retryAfter), undefined, { signal: call.signal });
    }
  }

  return {
    name: access.name,
    server: access.server,
    call: (call) => attempt(call, false, async (body) => parseAnswer(await body.text())),
    stream: (call) => attempt(call, true, async (body) => body),
    async close() {
      const opened = session;
      session = Promise.reject(new Error(`The connection to ${access.name} is closed.`));
      session.catch(() => undefined);
      const { calls, streams } = (await opened?.catch(() => undefined)) ?? {};
      await Promise.all([calls?.destroy(), streams?.destroy()]);
    },
  };
}

/** Carries what must not be tried again out of the attempt. */
class Final {
  constructor(readonly error: unknown) {}
}

class NotJson extends Error {
  constructor(readonly text: string) {
    super("not JSON");
  }
}

function parseAnswer(text: string): unknown {
  try {
    return parse(text);
  } catch {
    throw new NotJson(text);
  }
}

function isClosed(error: unknown): boolean {
  return codeOf(error) === "UND_ERR_DESTROYED" || codeOf(error) === "UND_ERR_CLOSED";
}

/** Watches have connections of their own: following sixty kinds would otherwise leave none for anything else. */
async function openSession(access: Access, origin: string, tuning: Tuning): Promise<Session> {
  const credentials = await access.credentials();
  const { headers: _, ...tls } = credentials;
  const connect = { ...tls, timeout: tuning.connectTimeoutMs };
  if (access.proxy) {
    const proxied = (connections: number | null) =>
      new ProxyAgent({ uri: access.proxy ?? "", requestTls: connect, connections, keepAliveTimeout: 30_000 });
    return { credentials, calls: proxied(tuning.connections), streams: proxied(null) };
  }
  return {
    credentials,
    calls: new Pool(origin, { connections: tuning.connections, connect, keepAliveTimeout: 30_000 }),
    streams: new Agent({ connections: null, connect }),
  };
}

function queryOf(query: Call["query"]): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) parameters.set(name, String(value));
  const text = parameters.toString();
  return text ? `?${text}` : "";
}

/** Doubling, with half of it random so that many clients don't come back at once; the server's wish goes first. */
export function waitMs(tried: number, firstWaitMs: number, retryAfter?: string): number {
  const seconds = retryAfter ? Number(retryAfter) : Number.NaN;
  if (seconds >= 0) return Math.min(seconds * 1000, longestWaitMs);
  const doubled = Math.min(firstWaitMs * 2 ** (tried - 1), longestWaitMs);
  return doubled / 2 + Math.random() * (doubled / 2);
}
