import type { BackedUpPod } from "../../model/backed-up-claim.js";
import { textAt } from "../../model/json.js";
import type { PlannedVolume } from "../../model/volumes.js";
import type { BackedUp, RestoreGroup } from "./backed-up.js";
import { hasAll, labelsOf, leaveOut, type ToldApart } from "./told-apart.js";

/**
 * Velero puts files into the volumes of Pods, and only of such as it makes itself, before they start. Pods are chosen by their labels, and
 * each brings all claims that it mounts. Pure.
 */
export function byTheirPods(group: RestoreGroup, backup: BackedUp, there: readonly PlannedVolume[]): ToldApart {
  const pods = backup.pods.filter(({ namespace }) => namespace === group.from);
  const claims = backup.claims.filter(({ namespace }) => namespace === group.from);
  const isThere = (name: string): boolean =>
    there.some(({ claim }) => claim.namespace === group.from && claim.name === name);
  const { left, mixed } = leaveOut(group.claims, ({ claim }, isMeant) => {
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
    const chosen = claims.filter(({ labels }) => its.some((pod) => hasAll(labels, pod.labels))).map(({ name }) => name);
    const other = [...brought, ...chosen].find((name) => !isMeant(name));
    if (other === undefined) return undefined;
    return isThere(other)
      ? `with its Pods ${group.from}/${other} would be filled again, which green has: once nobody needs that one, delete it on green as well`
      : `with its Pods ${group.from}/${other} would come too, which must not`;
  });
  if (left.length === 0) return { mixed };
  const its = left.flatMap(({ claim }) => holdersOf(claim.name, pods));
  return { apart: { ...group, claims: left, labels: labelsOf(its), pods: comingBy(its, pods) }, mixed };
}

/** Pods of which the backup has the files of this claim. */
function holdersOf(claim: string, pods: readonly BackedUpPod[]): BackedUpPod[] {
  return pods.filter(({ volumes }) =>
    volumes.some((volume) => textAt(volume, "persistentVolumeClaim", "claimName") === claim),
  );
}

/** All Pods that the labels of these choose. */
function comingBy(chosen: readonly BackedUpPod[], pods: readonly BackedUpPod[]): BackedUpPod[] {
  return pods.filter(({ labels }) => chosen.some((one) => hasAll(labels, one.labels)));
}
