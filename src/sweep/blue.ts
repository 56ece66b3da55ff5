import { aliasOf, type CloudResource } from "../model/cloud.js";
import { type KubeObject, refKey, refOf } from "../model/objects.js";
import { isBalanced } from "../model/services.js";
import { clustersOf } from "./tags.js";

/** By what a resource is known to be blue's. */
export interface Blue {
  /** The cluster's name as tags have it. */
  cluster: string;
  /** What blue's own objects made, by `aliasOf` its id or name: `vol-0123` -> `PersistentVolume data`. */
  made: ReadonlyMap<string, string>;
  /** Owner ids of blue's external-dns. */
  owners: ReadonlySet<string>;
}

/** Why a resource is thought blue's; undefined where nothing says so. */
export function claimOf(resource: CloudResource, { cluster, made, owners }: Blue): string | undefined {
  const tag = clustersOf(resource).find((each) => each.cluster === cluster);
  if (tag) return tag.words;
  const maker = [resource.id, ...resource.aliases].map((each) => made.get(aliasOf(each))).find(Boolean);
  if (maker !== undefined) return `blue's ${maker}`;
  if (resource.kind === "snapshot" && "CSIVolumeSnapshotName" in resource.tags) {
    const volume = resource.leadsTo.find((each) => made.has(aliasOf(each)));
    if (volume !== undefined) return `a VolumeSnapshot of ${volume}, of blue's ${made.get(aliasOf(volume))}`;
  }
  if (resource.owner !== undefined && owners.has(resource.owner))
    return `the TXT record of external-dns with blue's owner id ${resource.owner}`;
  return undefined;
}

interface Volumes {
  spec?: {
    awsElasticBlockStore?: { volumeID?: unknown };
    csi?: { driver?: unknown; volumeHandle?: unknown };
  };
}

/** What blue's objects say that they made: volumes, snapshots, load balancers. In the form of `Blue.made`. */
export function madeBy(objects: readonly KubeObject[]): Map<string, string> {
  const made = new Map<string, string>();
  for (const object of objects) for (const id of idsMadeBy(object)) made.set(aliasOf(id), refKey(refOf(object)));
  return made;
}

function idsMadeBy(object: KubeObject): string[] {
  if (object.kind === "PersistentVolume") return volumeOf(object) ?? [];
  if (object.kind === "VolumeSnapshotContent") {
    const { snapshotHandle } = (object.status ?? {}) as { snapshotHandle?: unknown };
    return typeof snapshotHandle === "string" ? [snapshotHandle] : [];
  }
  return isBalanced(object) ? namesIn(object.status) : [];
}

/** The EBS volume of a PersistentVolume: `vol-0123`, or `aws://eu-central-1a/vol-0123`. */
function volumeOf(object: KubeObject): string[] | undefined {
  const { spec } = object as Volumes;
  const handle = spec?.csi?.driver === "ebs.csi.aws.com" ? spec.csi.volumeHandle : spec?.awsElasticBlockStore?.volumeID;
  return /vol-[0-9a-f]+$/.exec(String(handle ?? ""))?.slice(0, 1);
}

/** Host names and addresses under which a Service or an Ingress is reached, by its status. */
export function namesIn(status: unknown): string[] {
  const { loadBalancer } = (status ?? {}) as { loadBalancer?: { ingress?: { hostname?: unknown; ip?: unknown }[] } };
  return (loadBalancer?.ingress ?? [])
    .flatMap(({ hostname, ip }) => [hostname, ip])
    .filter((each) => typeof each === "string");
}
