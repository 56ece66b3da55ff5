import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Report } from "../../scripts/proofs.js";
import { describeBinaryEvent } from "../../src/sandbox/binaries/progress.js";
import type { KubernetesVersion } from "../../src/sandbox/binaries/versions.js";
import { type ControlPlane, startControlPlane, stopControlPlane } from "../../src/sandbox/cluster/control-plane.js";

/** Real control planes by their names, for as long as `use` takes; then nothing of them is left. */
export async function withControlPlanes<Name extends string, Result>(
  versions: Record<Name, KubernetesVersion>,
  report: Report,
  use: (controlPlanes: Record<Name, ControlPlane>) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "clustershift-proof-"));
  const started: [string, ControlPlane][] = [];
  const onProgress = (event: Parameters<typeof describeBinaryEvent>[0]) => report(describeBinaryEvent(event));
  try {
    for (const [name, version] of Object.entries<KubernetesVersion>(versions)) {
      report(`starting ${name}: Kubernetes ${version}`);
      const dir = join(folder, name);
      started.push([
        name,
        { ...(await startControlPlane({ name, dir, version, kwok: true, fsync: false, onProgress })) },
      ]);
    }
    return await use(Object.fromEntries(started) as Record<Name, ControlPlane>);
  } finally {
    for (const name of Object.keys(versions)) await stopControlPlane(join(folder, name));
    await rm(folder, { recursive: true, force: true });
  }
}
