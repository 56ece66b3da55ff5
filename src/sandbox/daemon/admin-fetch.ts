import { request } from "undici";
import { adminConnection } from "../cluster/api.js";
import type { KubeFetch } from "../edge/kube-fetch.js";

/** GETs with the client certificate of a kubeconfig's current context. */
export function adminFetch(kubeconfigPath: string): { fetch: KubeFetch; close(): Promise<void> } {
  // Watches are quiet for as long as nothing happens.
  const { server, agent } = adminConnection(kubeconfigPath, { bodyTimeout: 0 });
  return {
    fetch: async (path, init) => {
      const { statusCode, body } = await request(new URL(path, server), {
        dispatcher: agent,
        ...(init?.signal && { signal: init.signal }),
      });
      return { status: statusCode, body };
    },
    close: () => agent.destroy(),
  };
}
