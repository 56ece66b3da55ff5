import { followCluster, type LiveView } from "./cluster-view.js";
import { type Listener, startHttp, startHttps } from "./http.js";
import type { KubeFetch } from "./kube-fetch.js";
import { startTcp } from "./tcp.js";

export interface EdgeOptions {
  /** What answers call themselves: `blue`. */
  cluster: string;
  /** The edge's own address on loopback: `127.24.0.1`. */
  address: string;
  /** 0 takes a free one. */
  httpPort: number;
  httpsPort: number;
  /** Reads the cluster's API. */
  fetch: KubeFetch;
}

export interface Edge {
  cluster: string;
  address: string;
  httpPort: number;
  httpsPort: number;
  live: LiveView;
  close(): Promise<void>;
}

/**
 * A cluster's way in: it answers what the cluster's API says that the cluster would answer, over HTTP, HTTPS and TCP.
 * Starts at once, whether the API server is there or not. @throws the listen error, e.g. EADDRINUSE.
 */
export async function startEdge({ cluster, address, httpPort, httpsPort, fetch }: EdgeOptions): Promise<Edge> {
  const live = followCluster(fetch);
  const started: Listener[] = [];
  try {
    const http = await startHttp(cluster, live, address, httpPort);
    started.push(http);
    const https = await startHttps(cluster, live, address, httpsPort);
    started.push(https);
    const tcp = startTcp(cluster, live, address, [http.port, https.port]);
    return {
      cluster,
      address,
      httpPort: http.port,
      httpsPort: https.port,
      live,
      close: async () => {
        await Promise.all([live, http, https, tcp].map((part) => part.close()));
      },
    };
  } catch (error) {
    await Promise.all([live, ...started].map((part) => part.close()));
    throw error;
  }
}
