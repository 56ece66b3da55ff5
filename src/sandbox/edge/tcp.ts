import { createServer, type Server, type Socket } from "node:net";
import type { LiveView } from "./cluster-view.js";
import { tcpRoutes } from "./route.js";
import { closeServer, track } from "./sockets.js";

export interface TcpPorts {
  close(): Promise<void>;
}

/**
 * The TCP ports of the cluster's load-balanced Services, each open while the Service has a ready endpoint. A connection
 * gets the line `cluster namespace/service pod` and is ended.
 * @param taken ports of the address that are the edge's own
 */
export function startTcp(cluster: string, live: LiveView, address: string, taken: number[]): TcpPorts {
  const open = new Map<number, Server>();
  let connections = 0;
  let closed = false;
  const serve = (port: number, socket: Socket): void => {
    socket.on("error", () => undefined);
    const found = tcpRoutes(live.view).get(port);
    const pod = found?.pods[connections++ % found.pods.length];
    if (!found || !pod) return void socket.resetAndDestroy();
    socket.end(`${cluster} ${found.namespace}/${found.service} ${pod}\n`);
  };
  const reconcile = (): void => {
    if (closed) return;
    const wanted = tcpRoutes(live.view);
    for (const [port, server] of open) {
      if (wanted.has(port)) continue;
      server.close();
      open.delete(port);
    }
    for (const port of wanted.keys()) {
      if (open.has(port) || taken.includes(port)) continue;
      const server = track(createServer((socket) => serve(port, socket)));
      open.set(port, server);
      // A port that can't be had now (another process, or its last server is just closing) is tried at the next change.
      server.on("error", () => open.delete(port));
      server.listen(port, address);
    }
  };
  live.onChange(reconcile);
  reconcile();
  return {
    close: async () => {
      closed = true;
      await Promise.all([...open.values()].map(closeServer));
    },
  };
}
