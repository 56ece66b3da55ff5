import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { Resolver } from "../dns/resolver.js";
import { deadline } from "./deadline.js";

export interface HttpTarget {
  /** Resolved by DNS, and sent as Host: `app.acme.example`. */
  host: string;
  port: number;
  /** `/orders` */
  path: string;
  /** PEM of the authority that signed the host's certificate; absent for plain HTTP. */
  ca?: string;
}

export interface HttpClient {
  /** One GET. Gives the cluster that answered. @throws Error on any status but 200, a broken connection or no answer. */
  get(): Promise<string>;
  close(): void;
}

const ANSWER_WITHIN_MS = 5000;

/** Below every server's own limit, so that it's the client that closes an idle connection. */
const IDLE_MS = 4000;

/** The connections to one address. */
interface Connections {
  address: string;
  agent: HttpAgent;
  inFlight: number;
}

/** A client that keeps its connections, until DNS gives another address: then new requests go there on new ones. */
export function createHttpClient(target: HttpTarget, resolver: Resolver): HttpClient {
  let current: Connections | undefined;
  const connectionsTo = (address: string): Connections => {
    if (current?.address === address) return current;
    const old = current;
    current = { address, agent: newAgent(target), inFlight: 0 };
    if (old?.inFlight === 0) old.agent.destroy();
    return current;
  };
  return {
    get: async () => {
      const { values } = await resolver.resolve(target.host, "A");
      const connections = connectionsTo(values[0] ?? "");
      connections.inFlight += 1;
      try {
        return await get(target, connections);
      } finally {
        connections.inFlight -= 1;
        if (connections !== current && connections.inFlight === 0) connections.agent.destroy();
      }
    },
    close: () => current?.agent.destroy(),
  };
}

export function urlOf({ host, path, ca }: HttpTarget): string {
  return `${ca ? "https" : "http"}://${host}${path}`;
}

function newAgent({ ca }: HttpTarget): HttpAgent {
  const options = { keepAlive: true, timeout: IDLE_MS };
  return ca ? new HttpsAgent(options) : new HttpAgent(options);
}

function get({ host, port, path, ca }: HttpTarget, { address, agent }: Connections): Promise<string> {
  return new Promise<string>((served, failed) => {
    const options = { host: address, port, path, agent, headers: { host } };
    const request = ca ? httpsRequest({ ...options, ca, servername: host }) : httpRequest(options);
    const clear = deadline(ANSWER_WITHIN_MS, () => {
      request.destroy(new Error(`no answer from ${address} within ${ANSWER_WITHIN_MS} ms`));
    });
    request.on("close", clear).on("error", failed);
    request.on("response", (response: IncomingMessage) => {
      const cluster = String(response.headers["x-served-by"] ?? "unknown");
      response.on("error", failed).resume();
      response.on("end", () => {
        if (response.statusCode === 200) served(cluster);
        else failed(new Error(`status ${response.statusCode} from ${cluster} at ${address}`));
      });
    });
    request.end();
  });
}
