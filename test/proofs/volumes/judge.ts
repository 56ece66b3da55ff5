import type { Volume, VolumesApi } from "../../../src/aws/volumes.js";
import type { KubeReader } from "../../../src/kube/api.js";
import type { KubeObject } from "../../../src/model/objects.js";
import { type Bringing, claims, nameOf, onGreen, volumes } from "../../../src/volumes/edges.js";
import { claimTag, copyTag, runTag } from "../../../src/volumes/tags.js";

interface VolumeObject extends KubeObject {
  spec: {
    csi?: { driver: string; volumeHandle: string };
    claimRef?: { namespace: string; name: string };
    persistentVolumeReclaimPolicy: string;
    nodeAffinity?: { required: { nodeSelectorTerms: { matchExpressions: { key: string; values: string[] }[] }[] } };
  };
}

export interface Judging {
  cloud: VolumesApi;
  green: Pick<KubeReader, "get">;
  run: string;
  /** The round that must stand. */
  round: number;
  originals: ReadonlyMap<string, Volume>;
}

/** What isn't as it must be once all volumes of a run are brought: lost, bound to the wrong one, in the wrong zone, made twice. */
export async function wrongsOf(all: readonly Bringing[], judging: Judging): Promise<string[]> {
  const wrong: string[] = [];
  for (const one of all)
    for (const why of await wrongsOfOne(one, judging)) wrong.push(`${nameOf(one.planned.claim)}: ${why}`);
  return wrong;
}

async function wrongsOfOne(
  { planned, volume: { metadata } }: Bringing,
  { cloud, green, run, round, originals }: Judging,
): Promise<string[]> {
  const ref = onGreen(planned);
  const wrong: string[] = [];
  const claim = await green.get(claims, ref.name, ref.namespace);
  const made = (await green.get(volumes, metadata.name)) as VolumeObject | undefined;
  const phase = (claim?.status as { phase?: string } | undefined)?.phase;
  if (phase !== "Bound" || (claim?.spec as { volumeName?: string } | undefined)?.volumeName !== metadata.name)
    wrong.push(`green's claim is ${phase}`);
  const [original] = await cloud.volumes([planned.handle ?? ""]);
  if (!original) wrong.push("blue's volume is lost");
  const handle = made?.spec.csi?.volumeHandle;
  const copies = await cloud.tagged({ [runTag]: run, [copyTag]: String(round), [claimTag]: nameOf(ref) });
  const snapshots = await cloud.snapshots.tagged({ [runTag]: run, [copyTag]: String(round), [claimTag]: nameOf(ref) });
  const due = planned.strategy === "copy" ? 1 : 0;
  if (copies.length !== due) wrong.push(`${copies.length} copies were made, and ${due} are due`);
  if (snapshots.length !== due) wrong.push(`${snapshots.length} snapshots were taken, and ${due} are due`);
  const expected = due === 1 ? copies[0]?.id : planned.handle;
  if (handle === undefined || handle !== expected)
    wrong.push(`green's PersistentVolume is of ${handle}, and not of ${expected}`);
  const [copy] = copies;
  const was = originals.get(planned.claim.name);
  if (copy && was) {
    for (const member of ["size", "type", "iops", "throughput", "encrypted", "kmsKeyId"] as const)
      if (copy[member] !== was[member]) wrong.push(`its copy has ${member} ${copy[member]}, and blue's ${was[member]}`);
    if (copy.zone !== planned.zone?.to) wrong.push(`its copy is in ${copy.zone}`);
    if (Object.keys(copy.tags).some((key) => key.endsWith("blue.acme.example") || key === "KubernetesCluster"))
      wrong.push("its copy says that it is blue's");
  }
  const zone = made?.spec.nodeAffinity?.required.nodeSelectorTerms[0]?.matchExpressions[0];
  if (zone?.key !== "topology.kubernetes.io/zone" || zone.values.join() !== planned.zone?.to)
    wrong.push(`green would schedule it to ${zone?.values.join()}`);
  if (made?.spec.csi?.driver !== "ebs.csi.aws.com") wrong.push("its driver isn't the CSI driver");
  if (made?.spec.persistentVolumeReclaimPolicy !== "Retain") wrong.push("green would delete it with its claim");
  return wrong;
}
