import { stringify } from "yaml";
import type { BackedUpPod } from "../../model/backed-up-claim.js";
import type { JsonObject, KubeObject } from "../../model/objects.js";
import type { RestoreGroup } from "./backed-up.js";

/** Nothing waits for it to start: where it can't be pulled, files come all the same. */
const idleImage = "registry.k8s.io/pause:3.10";
const idle: JsonObject = {
  ...{ name: "idle", image: idleImage, imagePullPolicy: "IfNotPresent" },
  resources: { requests: { cpu: "1m", memory: "8Mi" }, limits: { cpu: "100m", memory: "32Mi" } },
  securityContext: {
    ...{ allowPrivilegeEscalation: false, runAsNonRoot: true, runAsUser: 65_535, capabilities: { drop: ["ALL"] } },
    seccompProfile: { type: "RuntimeDefault" },
  },
};

/**
 * What makes such Pods harmless while their volumes are filled: nothing of the workload runs in them, no Service and no controller
 * knows them, and they mount nothing else. In the form of Velero's resource modifiers, from 1.13 on: a 1.12 refuses them, strict as it reads. Pure.
 */
export function modifiersOf(
  { from, pods = [], claims }: RestoreGroup,
  { name, namespace }: { name: string; namespace: string },
): KubeObject {
  const zones = new Map(claims.flatMap(({ claim, zone }) => (zone ? [[claim.name, zone.to] as const] : [])));
  const resourceModifierRules = pods.flatMap((pod) => {
    const conditions = { groupResource: "pods", namespaces: [from], resourceNameRegex: `^${exactly(pod.name)}$` };
    const zone = pod.claims.flatMap((claim) => zones.get(claim) ?? [])[0];
    return [
      {
        conditions,
        mergePatches: [emptied, idling(pod, zone)].map((patch) => ({ patchData: JSON.stringify(patch) })),
      },
      ...(pod.initContainers.length > 0
        ? [{ conditions, strategicPatches: [{ patchData: JSON.stringify(withoutInit(pod)) }] }]
        : []),
    ];
  });
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace },
    data: { "pods.yaml": stringify({ version: "v1", resourceModifierRules }) },
  };
}

/**
 * Merge patches: null takes a field away, and goes first, since what is given to a map joins what is in it. What a Pod's storage needs stays:
 * its volumes, tolerations and security context.
 */
const emptied: JsonObject = {
  metadata: { labels: null, annotations: null, finalizers: null, ownerReferences: null },
  spec: {
    ...{ ephemeralContainers: null, serviceAccountName: null, serviceAccount: null, imagePullSecrets: null },
    ...{ nodeSelector: null, affinity: null, topologySpreadConstraints: null, schedulerName: null },
    ...{ runtimeClassName: null, priorityClassName: null, priority: null, readinessGates: null, schedulingGates: null },
    ...{ hostNetwork: null, hostPID: null, hostIPC: null, shareProcessNamespace: null, activeDeadlineSeconds: null },
  },
};

function idling({ volumes }: BackedUpPod, zone: string | undefined): JsonObject {
  return {
    spec: {
      ...{ containers: [idle], volumes, automountServiceAccountToken: false },
      ...(zone !== undefined && { nodeSelector: { "topology.kubernetes.io/zone": zone } }),
      ...{ restartPolicy: "Always", terminationGracePeriodSeconds: 1 },
    },
  };
}

/** By name, wherever they stand: Velero, whose own is among them, creates a Pod as it is where one of its patches fails. */
function withoutInit({ initContainers }: BackedUpPod): JsonObject {
  return { spec: { initContainers: initContainers.map((name) => ({ $patch: "delete", name })) } };
}

/** Names of Pods have letters, digits, `-` and `.`. */
function exactly(name: string): string {
  return name.replaceAll(".", "\\.");
}
