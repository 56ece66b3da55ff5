import type { BackedUpClaim } from "../../model/backed-up-claim.js";
import type { JsonObject, KubeObject } from "../../model/objects.js";
import { claimName, type PlannedVolume } from "../../model/volumes.js";
import { onGreen } from "../edges.js";
import type { BackedUp, RestoreGroup } from "./backed-up.js";
import { byTheirPods } from "./pods.js";
import { hasAll, labelsOf, leaveOut, type ToldApart } from "./told-apart.js";

export interface Grouped {
  groups: RestoreGroup[];
  /** By `claimName`: why a claim isn't Velero's to restore, or not by us. */
  refused: Map<string, string>;
}

/**
 * Which Restores bring which claims, and nothing else: Velero knows namespaces and labels, and no names. Pure. `due` are claims that green
 * hasn't; `there` those that it has by an earlier restore of this run.
 */
export function groupsOf(due: readonly PlannedVolume[], there: readonly PlannedVolume[], backup: BackedUp): Grouped {
  const refused = new Map<string, string>();
  const backedUp = new Map(backup.claims.map((each) => [`${each.namespace}/${each.name}`, each]));
  const groups = new Map<string, RestoreGroup>();
  for (const planned of due) {
    const { namespace: from = "", name } = planned.claim;
    const its = backedUp.get(`${from}/${name}`);
    const why = whyNot(planned, its, backup.name);
    if (why !== undefined || its?.method === undefined) {
      refused.set(claimName(planned), why ?? "");
      continue;
    }
    const to = onGreen(planned).namespace ?? "";
    // Pods stand for a claim only as long as they are restored: apart from what comes without.
    const id = `${from === to ? to : `${from}>${to}`}${its.method === "files" ? "+pods" : ""}`;
    const group = groups.get(id) ?? { id, from, to, claims: [], methods: [] };
    groups.set(id, group);
    group.claims.push(planned);
    if (!group.methods.includes(its.method)) group.methods.push(its.method);
  }
  const told = [...groups.values()].flatMap((group) => {
    const { apart, mixed } = group.methods.includes("files")
      ? byTheirPods(group, backup, there)
      : toldApart(group, backup.claims, there);
    for (const [name, why] of mixed) refused.set(name, why);
    return apart ? [apart] : [];
  });
  return { groups: told, refused };
}

function whyNot(planned: PlannedVolume, its: BackedUpClaim | undefined, backup: string): string | undefined {
  if (!its) return `backup ${backup} has no such claim`;
  if (onGreen(planned).name !== planned.claim.name)
    return `it's called ${onGreen(planned).name} on green, and Velero gives namespaces another name, but no claim`;
  if (its.lacks !== undefined) return `backup ${backup} has no data of it: ${its.lacks}`;
  if (its.method === undefined)
    return `backup ${backup} has its definition alone, and nothing of what lies in its volume`;
  return undefined;
}

/**
 * A whole namespace needs no labels. What green has of this run already is passed over by Velero, its snapshot too. A claim whose labels
 * bring another one stays behind, and is then one that others must not bring.
 */
function toldApart(group: RestoreGroup, all: readonly BackedUpClaim[], there: readonly PlannedVolume[]): ToldApart {
  const ours = all.filter(({ namespace }) => namespace === group.from);
  const isPassedOver = ({ name, method }: BackedUpClaim): boolean =>
    group.from === group.to &&
    method === "native" &&
    there.some(({ claim }) => claim.namespace === group.from && claim.name === name);
  const { left, mixed } = leaveOut(group.claims, ({ claim }, isMeant) => {
    const its = ours.find(({ name }) => name === claim.name);
    const other =
      its && ours.find((each) => !isMeant(each.name) && !isPassedOver(each) && hasAll(each.labels, its.labels));
    return (
      other &&
      `Velero tells claims of a namespace apart by their labels alone, and by these ${group.from}/${other.name} would come too, which must not`
    );
  });
  if (left.length === 0) return { mixed };
  const meant = ours.filter(({ name }) => left.some(({ claim }) => claim.name === name));
  // One without labels chooses all of the namespace: it is left only where all may come, or is passed over.
  const isWhole = meant.length === ours.length || meant.some(({ labels }) => Object.keys(labels).length === 0);
  return { apart: { ...group, claims: left, ...(!isWhole && { labels: labelsOf(meant) }) }, mixed };
}

const snapshotKinds = ["volumesnapshots", "volumesnapshotcontents", "volumesnapshotclasses"].map(
  (resource) => `${resource}.snapshot.storage.k8s.io`,
);

/** Velero's Restore of a group: its claims, what they stand for, and nothing that green has already. Pure. */
export function restoreOf(
  group: RestoreGroup,
  { name, namespace, backup, run }: { name: string; namespace: string; backup: string; run: string },
): KubeObject {
  const { from, to, methods, labels, pods } = group;
  const includedResources = [
    ...(pods ? ["pods"] : []),
    ...["persistentvolumeclaims", "persistentvolumes"],
    ...(methods.some((method) => method === "csi" || method === "moved") ? snapshotKinds : []),
    ...(methods.includes("moved") ? ["datauploads.velero.io"] : []),
  ];
  const spec: JsonObject = {
    backupName: backup,
    includedNamespaces: [from],
    includedResources,
    ...(from !== to && { namespaceMapping: { [from]: to } }),
    ...(labels && { orLabelSelectors: labels.map((matchLabels) => ({ matchLabels })) }),
    restorePVs: true,
    existingResourcePolicy: "none",
    ...(pods && { resourceModifier: { kind: "ConfigMap", name } }),
  };
  return {
    apiVersion: "velero.io/v1",
    kind: "Restore",
    metadata: { name, namespace, annotations: { "clustershift.dev/run": run } },
    spec,
  };
}
