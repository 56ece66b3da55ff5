import { createServer, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** A store's answer, or what is made of it. */
export interface StoreAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** The connection breaks after so many bytes of the body. */
  cutAfter?: number;
}

export interface StoreRequest {
  method: string;
  /** Path and query. */
  path: string;
  headers: IncomingHttpHeaders;
}

/** Changes the answer to a request; what is left alone goes through as it came. */
export type Tamper = (request: StoreRequest, answer: StoreAnswer) => Partial<StoreAnswer> | undefined;

export interface TamperingStore {
  endpoint: string;
  tamper: Tamper | undefined;
  /** What was asked so far. */
  requests: StoreRequest[];
  close(): Promise<void>;
}

/** A proxy before a real object store that makes of its answers what is wanted. */
export async function startTampering(target: string): Promise<TamperingStore> {
  const store: TamperingStore = {
    endpoint: "",
    tamper: undefined,
    requests: [],
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  const server = createServer((incoming, response) => {
    const request = { method: incoming.method ?? "GET", path: incoming.url ?? "/", headers: incoming.headers };
    store.requests.push(request);
    const passed = httpRequest(new URL(request.path, target), { method: request.method, headers: request.headers });
    passed.on("error", () => response.destroy());
    passed.on("response", async (answered) => {
      const body = await buffer(answered);
      const answer = { status: answered.statusCode ?? 502, headers: answered.headers, body };
      const change = store.tamper?.(request, answer);
      const made = { ...answer, ...change };
      if (change?.body && !change.headers)
        made.headers = { ...answer.headers, "content-length": String(made.body.length) };
      const { "transfer-encoding": _, connection: __, ...headers } = made.headers;
      response.writeHead(made.status, headers);
      if (made.cutAfter === undefined) response.end(made.body);
      else response.write(made.body.subarray(0, made.cutAfter), () => response.destroy());
    });
    incoming.pipe(passed);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  store.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return store;
}

/** The key that a request is about, without its bucket; undefined for lists. */
export function keyIn({ path }: StoreRequest): string | undefined {
  const [address = "", query = ""] = path.split("?");
  if (query.includes("list-type=2")) return undefined;
  return decodeURIComponent(address.split("/").slice(2).join("/"));
}
