import { KubeError, type KubeWriter } from "../../kube/api.js";
import { listAll } from "../../kube/list-all.js";
import { namespace } from "../../kube/permissions.js";
import type { ApiResource, KubeObject } from "../../model/objects.js";
import { podTrouble } from "../../model/workload-status.js";
import { inconclusive, type Outcome } from "../check.js";
import { isReady } from "../checks/nodes.js";
import { type PlacedNode, servedResource } from "../snapshot.js";
import { judgeAnswers, messageOfPod } from "./answers.js";
import { askLabel, type ProbedZone, probeJob } from "./jobs.js";
import { callScript, listenScript } from "./script.js";

export interface ProbeArgs {
  image: string;
  /** How long pods may take to come up, and again to answer; milliseconds. */
  timeoutMs: number;
  nodes: readonly PlacedNode[];
  /** Once for a validation. */
  name: string;
}

export interface ProbeEdges {
  green: Pick<KubeWriter, "discover" | "pages" | "create" | "apply" | "patch">;
  now: () => number;
  sleep: (ms: number) => Promise<void>;
}

const fieldManager = "clustershift-validate";
const pauseMs = 1_000;
/** kwok plays nodes: their pods become Running, and nothing runs. */
const played = "kwok.x-k8s.io/node";

/**
 * From each zone a real pod resolves a name, and reaches the API and a pod of each other zone. The pods say so themselves, by their
 * termination messages; where nothing really runs, nothing was proved.
 */
export async function probePods(args: ProbeArgs, edges: ProbeEdges): Promise<Outcome> {
  const { nodes, timeoutMs, name } = args;
  const zones = probedZones(nodes);
  if (nodes.some(({ node }) => node.metadata.annotations?.[played] !== undefined))
    return inconclusive("Green's nodes are played by kwok: pods don't run there, so nothing can be asked of one.");
  if (zones.length === 0) return inconclusive("Green has no Ready node that pods could be asked on.");
  const { resources } = await edges.green.discover();
  const kinds = { jobs: servedResource(resources, "batch", "Job"), pods: servedResource(resources, "", "Pod") };
  await requireNamespace(servedResource(resources, "", "Namespace"), edges);
  // Listeners live through both waits; a killed clustershift leaves nothing that lives longer.
  const deadlineSeconds = Math.ceil((2 * timeoutMs) / 1000) + 30;
  const start = (role: "listen" | "call", script: string, envOf: (zone: string) => Record<string, string>) =>
    Promise.all(
      zones.map((zone, index) => {
        const job = probeJob({
          name,
          role,
          index,
          zone,
          image: args.image,
          script,
          env: envOf(zone.zone),
          deadlineSeconds,
        });
        return edges.green.create(kinds.jobs, job, { namespace, fieldManager });
      }),
    );
  const podsOf = async (role: string): Promise<Map<string, KubeObject>> => {
    const labelSelector = `${askLabel}=${name},clustershift.dev/role=${role}`;
    const pods = await listAll(edges.green, kinds.pods, { namespace, labelSelector });
    return new Map(pods.map((pod) => [pod.metadata.labels?.["clustershift.dev/zone"] ?? "", pod]));
  };
  const until = async (role: string, isThere: (pod: KubeObject | undefined) => boolean) => {
    const deadline = edges.now() + timeoutMs;
    for (;;) {
      const pods = await podsOf(role);
      const missing = zones.filter(({ zone }) => !isThere(pods.get(zone)));
      if (missing.length === 0 || edges.now() >= deadline) return { pods, missing };
      await edges.sleep(pauseMs);
    }
  };
  try {
    await start("listen", listenScript, () => ({}));
    const listening = await until("listen", (pod) => addressOf(pod) !== undefined);
    if (listening.missing.length > 0) return stuck(listening, "come up", timeoutMs);
    const peersOf = (own: string): string =>
      zones
        .filter(({ zone }) => zone !== own)
        .map(({ zone }) => `${zone}=${addressOf(listening.pods.get(zone))}`)
        .join(" ");
    await start("call", callScript, (zone) => ({ PEERS: peersOf(zone) }));
    const called = await until("call", hasEnded);
    if (called.missing.length > 0) return stuck(called, "answer", timeoutMs);
    return judgeAnswers(
      zones.map(({ zone }) => ({ zone, message: messageOfPod(called.pods.get(zone) as KubeObject) })),
    );
  } finally {
    await endListeners(name, zones.length, kinds.jobs, edges);
  }
}

/** One entry a zone: of its Ready nodes, those that ask the least of a pod. */
function probedZones(nodes: readonly PlacedNode[]): ProbedZone[] {
  const zones = new Map<string, ProbedZone>();
  for (const { node, zone } of nodes) {
    const zoneLabel = Object.entries(node.metadata.labels ?? {}).find(
      ([key, value]) => key.endsWith("/zone") && value === zone,
    )?.[0];
    if (!isReady(node) || zoneLabel === undefined) continue;
    const taints = (node.spec as { taints?: ProbedZone["taints"] } | undefined)?.taints ?? [];
    const known = zones.get(zone);
    if (!known || taints.length < known.taints.length) zones.set(zone, { zone, zoneLabel, taints });
  }
  return [...zones.values()].sort((a, b) => (a.zone < b.zone ? -1 : 1));
}

async function requireNamespace(namespaces: ApiResource, { green }: ProbeEdges): Promise<void> {
  const home: KubeObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
  await green.create(namespaces, home, { fieldManager }).catch((error: unknown) => {
    if (!(error instanceof KubeError && error.reason === "AlreadyExists")) throw error;
  });
}

/** A deadline of a second ends a Job at once; its controller then removes pod and Job. */
async function endListeners(name: string, count: number, jobs: ApiResource, { green }: ProbeEdges): Promise<void> {
  const indexes = Array.from({ length: count }, (_, index) => index);
  await Promise.all(
    indexes.map((index) =>
      green
        .patch(
          jobs,
          `${name}-listen-${index}`,
          { spec: { activeDeadlineSeconds: 1 } },
          { namespace, fieldManager, type: "merge" },
        )
        // Its own deadline ends it all the same.
        .catch(() => undefined),
    ),
  );
}

function addressOf(pod: KubeObject | undefined): string | undefined {
  const { phase, podIP } = (pod?.status ?? {}) as { phase?: string; podIP?: string };
  return phase === "Running" ? podIP : undefined;
}

function hasEnded(pod: KubeObject | undefined): boolean {
  return ["Succeeded", "Failed"].includes(String((pod?.status as { phase?: string } | undefined)?.phase));
}

function stuck(
  { pods, missing }: { pods: Map<string, KubeObject>; missing: readonly ProbedZone[] },
  what: string,
  timeoutMs: number,
): Outcome {
  const each = missing.map(({ zone }) => {
    const pod = pods.get(zone);
    return `${zone}: ${pod ? (podTrouble(pod) ?? "it runs, and is silent") : "its Job made no pod"}`;
  });
  return {
    outcome: "failed",
    detail: `pods didn't ${what} within ${Math.round(timeoutMs / 1000)} s: ${each.join("; ")}`,
  };
}
