import { setTimeout as sleep } from "node:timers/promises";
import type { KubeWriter } from "../../../src/kube/api.js";
import { listAll } from "../../../src/kube/list-all.js";
import { textAt } from "../../../src/model/json.js";
import type { ApiResource, JsonObject, KubeObject } from "../../../src/model/objects.js";
import { resourceOf, write } from "./world.js";

const labels = { name: "node-agent", role: "node-agent" };

/** What Velero's server looks for on each node; nobody runs in it here. */
export const nodeAgent: KubeObject = {
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name: "node-agent", namespace: "velero" },
  spec: {
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: { tolerations: [{ operator: "Exists" }], containers: [{ name: "node-agent", image: "velero/velero" }] },
    },
  },
};

/**
 * Plays Velero's node agent, for which there is no kubelet: settles what the server asks of it, without a file being read. Everything else of
 * a backup and a restore is Velero's own.
 *
 * `outcome`: the status that one of them ends with.
 */
export async function playNodeAgent(
  kube: KubeWriter,
  kind: "PodVolumeBackup" | "PodVolumeRestore",
  outcome: (asked: KubeObject) => JsonObject,
): Promise<{ asked: KubeObject[]; stop(): Promise<void> }> {
  await write(kube, nodeAgent);
  const resource: ApiResource = await resourceOf(kube, { apiVersion: "velero.io/v1", kind, metadata: { name: "" } });
  const asked: KubeObject[] = [];
  let stopped = false;
  const look = async () => {
    for (const each of await listAll(kube, resource, { namespace: "velero" })) {
      const { name, uid } = each.metadata;
      if (textAt(each, "status", "phase") === "Completed" || asked.some(({ metadata }) => metadata.uid === uid))
        continue;
      asked.push(each);
      await kube.patch(resource, name, { status: outcome(each) }, { type: "merge", namespace: "velero" });
    }
  };
  const playing = (async () => {
    for (; !stopped; await sleep(200)) await look();
  })();
  return {
    asked,
    async stop() {
      stopped = true;
      await playing;
    },
  };
}
