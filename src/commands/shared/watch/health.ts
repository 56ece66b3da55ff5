import type { KubeReader } from "../../../kube/api.js";
import { lookAt } from "../../../kube/health.js";
import { illnessAt } from "../../../model/health.js";
import type { WatchedHealth } from "../../../model/watch.js";
import type { Context } from "../command.js";
import type { Project } from "../project.js";

/** Milliseconds that a look at a cluster may take. */
const patienceMs = 10_000;

/** Looks at a cluster by reading alone. The connection is kept as long as it shows something. */
export function clusterLook(
  open: () => Promise<KubeReader | undefined>,
  expectedId: () => string | undefined,
  { config }: Project,
  { edges }: Context,
  signal: AbortSignal,
) {
  let kube: KubeReader | undefined;
  const close = async (): Promise<void> => {
    await kube?.close().catch(() => undefined);
    kube = undefined;
  };
  return {
    close,
    async look(): Promise<WatchedHealth> {
      kube ??= await open();
      if (!kube) throw new Error("it is not known from here how to reach it");
      const limit = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
      const seen = await lookAt(kube, config.health.namespaces, { now: edges.now, signal: limit });
      if (seen.error !== undefined) {
        await close();
        throw new Error(seen.error);
      }
      const why = illnessAt(seen, config.health.nodes, expectedId() ?? seen.clusterId ?? "");
      const { nodes, workloads } = seen;
      return {
        well: why === undefined,
        detail: why ?? `${nodes?.ready} of ${nodes?.total} nodes Ready, ${workloads?.total} system workloads whole`,
      };
    },
  };
}
