import { KubeConfig } from "@kubernetes/client-node";
import { Agent, request } from "undici";

/**
 * One request to an API server: JSON in, JSON out (text where it isn't JSON). Rejects with an error that has the `status` where
 * that's 400 or more. `contentType` is for patches; `application/json` otherwise.
 */
export type Api = (method: string, path: string, body?: unknown, contentType?: string) => Promise<unknown>;

export class ApiFailure extends Error {
  override readonly name = "ApiFailure";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const mergePatch = "application/merge-patch+json";
export const strategicMergePatch = "application/strategic-merge-patch+json";

/** Where a kubeconfig's current context leads, and connections with its client certificate. */
export function adminConnection(kubeconfigPath: string, options: Agent.Options = {}): { server: string; agent: Agent } {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfigPath);
  const cluster = config.getCurrentCluster();
  const user = config.getCurrentUser();
  if (!cluster || !user) throw new Error(`${kubeconfigPath} has no current context`);
  const pem = (data: string | undefined) => (data ? Buffer.from(data, "base64") : undefined);
  const [ca, cert, key] = [pem(cluster.caData), pem(user.certData), pem(user.keyData)];
  const connect = { ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}) };
  return { server: cluster.server, agent: new Agent({ ...options, connect }) };
}

/** Access with the client certificate of a kubeconfig's current context. `close` ends its connections. */
export function apiOf(kubeconfigPath: string): { api: Api; close: () => Promise<void> } {
  const { server, agent } = adminConnection(kubeconfigPath);
  const api: Api = async (method, path, body, contentType = "application/json") => {
    const response = await request(new URL(path, server), {
      method,
      dispatcher: agent,
      headers: { accept: "application/json", ...(body === undefined ? {} : { "content-type": contentType }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.body.text();
    if (response.statusCode >= 400) {
      throw new ApiFailure(response.statusCode, `${method} ${path}: ${response.statusCode} ${text.slice(0, 500)}`);
    }
    return /^\s*[{[]/.test(text) ? JSON.parse(text) : text;
  };
  return { api, close: () => agent.close() };
}

/** One status counts as done, with undefined for an answer. */
export async function orStatus(status: number, asked: Promise<unknown>): Promise<unknown> {
  return asked.catch((thrown: { status?: unknown }) => {
    if (thrown.status === status) return undefined;
    throw thrown;
  });
}
