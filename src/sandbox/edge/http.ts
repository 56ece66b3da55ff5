import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createSecureContext, type SecureContext } from "node:tls";
import type { LiveView } from "./cluster-view.js";
import { certificateFor, route } from "./route.js";

/** Longer than any client keeps an idle connection: the side that closes first must be the client, or requests get lost. */
const KEEP_ALIVE_MS = 75_000;

export interface Listener {
  port: number;
  close(): Promise<void>;
}

/** HTTP as the cluster's Ingresses say. The body and `x-served-by` tell which cluster and Pod answered. */
export function startHttp(cluster: string, live: LiveView, address: string, port: number): Promise<Listener> {
  return listen(createServer(answerFrom(cluster, live)), address, port);
}

/** The same over TLS, by the certificate that the cluster has for the name asked for. Without one the handshake fails. */
export function startHttps(cluster: string, live: LiveView, address: string, port: number): Promise<Listener> {
  let last: { cert: Buffer; key: Buffer; context: SecureContext } | undefined;
  const contextFor = (host: string): SecureContext => {
    const pair = certificateFor(live.view, host);
    if (!pair) throw new Error(`no certificate for ${host}`);
    if (!last?.cert.equals(pair.cert) || !last.key.equals(pair.key)) {
      last = { ...pair, context: createSecureContext(pair) };
    }
    return last.context;
  };
  const server = createTlsServer(
    {
      SNICallback: (host, done) => {
        try {
          done(null, contextFor(host));
        } catch (error) {
          done(error as Error);
        }
      },
    },
    answerFrom(cluster, live),
  );
  server.on("tlsClientError", (_, socket) => socket.destroy());
  return listen(server, address, port);
}

function answerFrom(cluster: string, live: LiveView): RequestListener {
  let requests = 0;
  return (request: IncomingMessage, response: ServerResponse) => {
    request.resume();
    const { status, ...rest } = answer(cluster, live, request, requests++);
    response.writeHead(status, { "content-type": "application/json", "x-served-by": cluster });
    response.end(`${JSON.stringify(rest)}\n`);
  };
}

function answer(cluster: string, live: LiveView, request: IncomingMessage, turn: number) {
  if (!live.synced()) {
    const reason = `the edge has not seen its cluster's API yet: ${live.problem() ?? "it is being listed"}`;
    return { status: 503, cluster, reason };
  }
  const host = (request.headers.host ?? "").replace(/:\d+$/, "");
  const path = (request.url ?? "/").replace(/[?#].*$/, "");
  const found = route(live.view, host, path);
  if (found.status !== 200) return { ...found, cluster };
  const { namespace, service, pods } = found;
  return { status: 200, cluster, namespace, service, pod: pods[turn % pods.length] };
}

function listen(server: Server, address: string, port: number): Promise<Listener> {
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return new Promise((done, failed) => {
    server.once("error", failed);
    server.listen(port, address, () =>
      done({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      }),
    );
  });
}
