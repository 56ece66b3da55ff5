import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AwsFront, startAwsFront } from "../src/sandbox/aws/front.js";
import { motoCommand, motoReady } from "../src/sandbox/aws/moto.js";
import { ensureMoto } from "../src/sandbox/binaries/moto.js";
import { describeBinaryEvent } from "../src/sandbox/binaries/progress.js";
import { startControlPlane, stopControlPlane } from "../src/sandbox/cluster/control-plane.js";
import { type Cluster, openCluster } from "./cluster.js";
import type { Bench, Sizes } from "./figure.js";

/**
 * A bench with servers of its own: a control plane whose etcd waits for the disk, as production's does, and the AWS
 * emulator. `close` stops what was started and removes what was written, also in the middle of a start.
 */
export async function openBench(
  sizes: Sizes,
  log: (line: string) => void,
): Promise<Bench & { close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "clustershift-bench-"));
  const plane = join(folder, "control-plane");
  const undo: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true }), () => stopControlPlane(plane)];
  const onProgress = (event: Parameters<typeof describeBinaryEvent>[0]) => log(describeBinaryEvent(event));

  const startCluster = async (): Promise<Cluster> => {
    log("starting a control plane of Kubernetes 1.35.4");
    const options = { name: "bench", dir: plane, version: "1.35.4", kwok: false, auditPolicy: false } as const;
    const { kubeconfigPath } = await startControlPlane({ ...options, onProgress });
    const cluster = await openCluster(kubeconfigPath, true);
    undo.push(() => cluster.api.close());
    return cluster;
  };
  const startAws = async (): Promise<AwsFront> => {
    const program = await ensureMoto({ onProgress });
    log("starting the AWS emulator");
    const port = await freePort();
    const { command, args, env } = motoCommand({ program, port, region: "eu-central-1" });
    const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: "ignore" });
    const exited = once(child, "exit");
    undo.push(() => {
      child.kill("SIGKILL");
      return exited;
    });
    await motoReady(`http://127.0.0.1:${port}`, AbortSignal.timeout(60_000));
    const front = await startAwsFront({ target: `http://127.0.0.1:${port}`, port: 0 });
    undo.push(() => front.close());
    return front;
  };
  let cluster: Promise<Cluster> | undefined;
  let aws: Promise<AwsFront> | undefined;
  let closed: Promise<void> | undefined;
  const undoAll = async (): Promise<void> => {
    for (let step = undo.pop(); step; step = undo.pop()) await step();
  };
  return {
    sizes,
    folder,
    log,
    closing: (step) => void undo.push(step),
    cluster() {
      cluster ??= startCluster();
      return cluster;
    },
    aws() {
      aws ??= startAws();
      return aws;
    },
    close() {
      // What fails because all of it is being ended ends it too, and mustn't leave before that is done.
      closed ??= undoAll();
      return closed;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
