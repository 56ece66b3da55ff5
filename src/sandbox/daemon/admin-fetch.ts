import { KubeConfig } from "@kubernetes/client-node";
import { Agent, request } from "undici";
import type { KubeFetch } from "../edge/kube-fetch.js";

/** GETs with the client certificate of a kubeconfig's current context. */
export function adminFetch(kubeconfigPath: string): { fetch: KubeFetch; close(): Promise<void> } {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfigPath);
  const cluster = config.getCurrentCluster();
  const user = config.getCurrentUser();
  if (!cluster || !user) throw new Error(`${kubeconfigPath} has no current context`);
  const pem = (data: string | undefined): Buffer => Buffer.from(data ?? "", "base64");
  const dispatcher = new Agent({
    // Watches are quiet for as long as nothing happens.
    bodyTimeout: 0,
    connect: { ca: pem(cluster.caData), cert: pem(user.certData), key: pem(user.keyData) },
  });
  return {
    fetch: async (path, init) => {
      const { statusCode, body } = await request(new URL(path, cluster.server), {
        dispatcher,
        ...(init?.signal && { signal: init.signal }),
      });
      return { status: statusCode, body };
    },
    close: () => dispatcher.destroy(),
  };
}
