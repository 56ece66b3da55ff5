import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AwsFront, startAwsFront } from "../src/sandbox/aws/front.js";
import { describeBinaryEvent } from "../src/sandbox/binaries/progress.js";
import { startControlPlane, stopControlPlane } from "../src/sandbox/cluster/control-plane.js";
import { startMoto } from "../test/harness/moto.js";
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
    log("starting the AWS emulator");
    const moto = await startMoto({}, { onProgress });
    undo.push(() => moto.stop());
    const front = await startAwsFront({ target: moto.endpoint, port: 0 });
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
