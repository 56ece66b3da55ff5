import { setTimeout as sleep } from "node:timers/promises";
import { migrations } from "../../../migrations/index.js";
import type { KubeWriter } from "../../../src/kube/api.js";
import { at, isObject, textAt } from "../../../src/model/json.js";
import type { KubeObject } from "../../../src/model/objects.js";
import { readLive } from "../../../src/replay/live-source.js";
import { fieldManager } from "../../../src/replay/managed-fields.js";
import { type ReplayResult, type ReplaySource, replay } from "../../../src/replay/replay.js";
import { standard } from "../../../src/replay/standard.js";
import { applyWorkload } from "../../../src/sandbox/workload.js";
import { compareFollowUps, type FollowUps } from "./follow-ups.js";
import { throughTools } from "./original-managers.js";

export interface Owners extends FollowUps {
  failed: string[];
  /** Fields on green that stand in clustershift's name. */
  leftToUs: string[];
}

/**
 * A workload made on blue by its teams' tools, brought to green, and asked for there as on blue.
 *
 * @param source what to bring of blue; by default all of it
 */
export async function bringOver(
  blue: KubeWriter,
  green: KubeWriter,
  workload: readonly KubeObject[],
  source: (blue: KubeWriter, green: KubeWriter) => Promise<ReplaySource> = everything,
): Promise<Owners> {
  const { kube, originals } = throughTools(blue);
  await applyWorkload(kube, workload, new Date());
  const result = await replay(await source(blue, green), standard, { green, concurrency: 8 });
  await volumesBound(green, result);
  const followUps = await compareFollowUps(blue, green, result, originals);
  return {
    ...followUps,
    failed: result.outcomes.filter(({ ending }) => ending === "failed").map(({ reason = "" }) => reason),
    leftToUs: await leftToUs(green, result),
  };
}

/** A volume that is bound names its claim by the UID of its own cluster, as it does on blue. */
async function volumesBound(green: KubeWriter, { expected }: ReplayResult): Promise<void> {
  for (const { resource, object } of expected) {
    if (object.kind !== "PersistentVolume" || !isObject(at(object, "spec", "claimRef"))) continue;
    for (let look = 1; look <= 60; look++) {
      const live = await green.get(resource, object.metadata.name);
      if (textAt(live, "status", "phase") === "Bound") break;
      await sleep(1000);
    }
  }
}

async function everything(blue: KubeWriter, green: KubeWriter): Promise<ReplaySource> {
  return readLive(blue, (await green.discover()).resources, migrations);
}

async function leftToUs(green: KubeWriter, { expected }: ReplayResult): Promise<string[]> {
  const left: string[] = [];
  for (const { resource, object } of expected) {
    const live = await green.get(resource, object.metadata.name, object.metadata.namespace);
    const ours = (live?.metadata.managedFields ?? []).filter((entry) =>
      JSON.stringify(entry).includes(`"${fieldManager}"`),
    );
    if (!live || ours.length > 0) left.push(`${object.kind} ${object.metadata.name}: ${JSON.stringify(ours)}`);
  }
  return left;
}
