import { createServer } from "node:net";

/** Below what systems hand out to outgoing connections, so none of those takes a port between our choice and its use. */
const range = { from: 20_000, to: 32_000 };

/** Ports of one control plane, all on 127.0.0.1. */
export interface ControlPlanePorts {
  apiServer: number;
  etcd: number;
  etcdPeer: number;
  controllerManager: number;
  scheduler: number;
  kwok: number;
}

export async function chooseControlPlanePorts(given: Partial<ControlPlanePorts> = {}): Promise<ControlPlanePorts> {
  const names = ["apiServer", "etcd", "etcdPeer", "controllerManager", "scheduler", "kwok"] as const;
  const free = await freePorts(names.length);
  return {
    ...(Object.fromEntries(names.map((name, index) => [name, free[index]])) as unknown as ControlPlanePorts),
    ...given,
  };
}

/**
 * Distinct ports that nothing listened on a moment ago. Chosen at random, so that two sandboxes that start together hardly ever
 * meet; whoever loses sees its program end with 'address already in use'.
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = range.from + Math.floor(Math.random() * (range.to - range.from));
    if (handedOut.has(port)) continue;
    handedOut.add(port);
    if (await isFree(port)) ports.add(port);
    else handedOut.delete(port);
  }
  return [...ports];
}

/** By this process: of several that start beside each other, none has its ports in use yet. */
const handedOut = new Set<number>();

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    // On every address: one that is taken on any of them is taken.
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
