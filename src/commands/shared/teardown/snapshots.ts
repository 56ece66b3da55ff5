import type { Journal } from "../../../model/journal.js";
import type { RunFolder } from "../../../run/run-folder.js";
import { takeFinalSnapshots } from "../../../sweep/final-snapshots.js";
import type { Context } from "../command.js";
import { milliseconds, type Project } from "../project.js";
import { clockOf } from "../targets.js";
import type { OpenSweep } from "./open-sweep.js";

/** Volumes of which final snapshots are taken: those of blue's PersistentVolumes, by its own word or by the journal's. */
export function volumesOf({ edges }: OpenSweep): { id: string; of: string }[] {
  return [...edges.blue.made].filter(([id]) => id.startsWith("vol-")).map(([id, of]) => ({ id, of }));
}

/** Takes them where that is asked for, and waits until they are complete. One of a volume that is gone is told, and no obstacle. */
export async function finalSnapshots(
  project: Project,
  run: RunFolder,
  sweep: OpenSweep,
  journal: Journal,
  context: Context,
): Promise<void> {
  const { finalSnapshots: config } = project.config.blue.teardown ?? {};
  if (!config) return;
  if (sweep.blue.silent !== undefined)
    context.progress.warn(`volumes are those of bundle and journal, since blue gives no answer: ${sweep.blue.silent}`);
  const there = [];
  for (const volume of volumesOf(sweep)) {
    if (await sweep.edges.kinds.volume.read(volume.id)) there.push(volume);
    else context.progress.warn(`${volume.id} of blue's ${volume.of} is gone: no final snapshot of it`);
  }
  await takeFinalSnapshots(
    there,
    {
      cluster: sweep.edges.blue.cluster,
      run: run.id,
      keepForMs: milliseconds(config.keepFor),
      timeoutMs: milliseconds(config.timeout),
    },
    {
      snapshots: sweep.cloud.kinds.snapshot,
      journal,
      clock: clockOf(context),
      signal: context.edges.signal,
      onProgress: (line) => context.progress.line(`teardown: ${line}`),
    },
  );
}
