import { stringify } from "yaml";
import type { BackedUpPod } from "../../model/backed-up-claim.js";
import type { JsonObject, KubeObject } from "../../model/objects.js";
import { claimName, type PlannedVolume } from "../../model/volumes.js";
import { type BackedUp, hasAll, type RestoreGroup, type ToldApart } from "./backed-up.js";

/**
 * Velero puts files into the volumes of Pods, and only of such as it makes itself, before they start. Pods are chosen by their labels, and
 * each brings all claims that it mounts. Pure.
 */
export function byTheirPods(group: RestoreGroup, backup: BackedUp, there: readonly PlannedVolume[]): ToldApart {
  const mixed = new Map<string, string>();
  const pods = backup.pods.filter(({ namespace }) => namespace === group.from);
  const claims = backup.claims.filter(({ namespace }) => namespace === group.from);
  const isThere = (name: string): boolean =>
    there.some(({ claim }) => claim.namespace === group.from && claim.name === name);
  for (let wanted = group.claims; ; ) {
    const isMeant = (name: string): boolean => wanted.some(({ claim }) => claim.name === name);
    const whyNot = ({ claim }: PlannedVolume): string | undefined => {
      const its = holdersOf(claim.name, pods);
      if (its.length === 0)
        return `backup ${backup.name} has no Pod with its files: its volume was empty (strategy fresh serves it as well), or the Pod is left out`;
      for (const { name, hooked, labels } of its) {
        if (hooked)
          return `its Pod ${name} has a hook that Velero runs when it restores it, as an init container with its volumes`;
        if (Object.keys(labels).length === 0)
          return `its Pod ${name} has no labels, and Velero tells Pods of a namespace apart by them alone`;
      }
      const brought = comingBy(its, pods).flatMap((pod) => pod.claims);
      const chosen = claims
        .filter(({ labels }) => its.some((pod) => hasAll(labels, pod.labels)))
        .map(({ name }) => name);
      const other = [...brought, ...chosen].find((name) => !isMeant(name));
      if (other === undefined) return undefined;
      return isThere(other)
        ? `with its Pods ${group.from}/${other} would be filled again, which green has: once nobody needs that one, delete it on green as well`
        : `with its Pods ${group.from}/${other} would come too, which must not`;
    };
    const refused = wanted.flatMap((planned) => {
      const why = whyNot(planned);
      return why === undefined ? [] : [[planned, why] as const];
    });
    for (const [planned, why] of refused) mixed.set(claimName(planned), why);
    wanted = wanted.filter((planned) => !mixed.has(claimName(planned)));
    if (wanted.length === 0) return { mixed };
    if (refused.length > 0) continue;
    const its = wanted.flatMap(({ claim }) => holdersOf(claim.name, pods));
    const labels = new Map(its.map((pod) => [JSON.stringify(Object.entries(pod.labels).sort()), pod.labels]));
    return { apart: { ...group, claims: wanted, labels: [...labels.values()], pods: comingBy(its, pods) }, mixed };
  }
}

/** Pods of which the backup has the files of this claim. */
function holdersOf(claim: string, pods: readonly BackedUpPod[]): BackedUpPod[] {
  return pods.filter(({ volumes }) => volumes.some((volume) => claimOf(volume) === claim));
}

function claimOf({ persistentVolumeClaim }: JsonObject): unknown {
  return (persistentVolumeClaim as JsonObject | undefined)?.claimName;
}

/** All Pods that the labels of these choose. */
function comingBy(chosen: readonly BackedUpPod[], pods: readonly BackedUpPod[]): BackedUpPod[] {
  return pods.filter(({ labels }) => chosen.some((one) => hasAll(labels, one.labels)));
}

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
