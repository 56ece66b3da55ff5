import { AttachVolumeCommand, DescribeVolumesCommand, DetachVolumeCommand, type EC2Client } from "@aws-sdk/client-ec2";
import type { KubeReader } from "../../../src/kube/api.js";
import { listAll } from "../../../src/kube/list-all.js";
import type { KubeObject } from "../../../src/model/objects.js";
import { backingOf } from "../../../src/volumes/backing.js";
import { claims, volumes } from "../../../src/volumes/edges.js";

/** A cluster whose volumes are attached and detached, and its instance in each zone. */
export interface Attaching {
  kube: Pick<KubeReader, "pages">;
  /** Zone -> instance. */
  instances: ReadonlyMap<string, string>;
}

/**
 * Stands in for the attachers of the clusters, which kwok's nodes haven't: an EBS volume is attached as long as a Pod of the cluster
 * mounts its claim, to the cluster's instance in the volume's zone. Refused attachments are noted: AWS's own attacher tries again.
 */
export function startAttacher(
  clusters: readonly Attaching[],
  ec2: EC2Client,
): { refused: string[]; stop(): Promise<void> } {
  const refused: string[] = [];
  let stopped = false;
  const work = async () => {
    while (!stopped) {
      for (const cluster of clusters) await look(cluster).catch((error: unknown) => refused.push(String(error)));
      await new Promise((done) => setTimeout(done, 300));
    }
  };
  const look = async ({ kube, instances }: Attaching): Promise<void> => {
    const wanted = await mountedVolumes(kube);
    const own = new Set(instances.values());
    const { Volumes = [] } = await ec2.send(new DescribeVolumesCommand({}));
    for (const { VolumeId = "", AvailabilityZone = "", Attachments = [] } of Volumes) {
      const [attached] = Attachments;
      if (attached?.InstanceId && own.has(attached.InstanceId) && !wanted.has(VolumeId))
        await ec2.send(new DetachVolumeCommand({ VolumeId, InstanceId: attached.InstanceId, Device: attached.Device }));
      if (!wanted.has(VolumeId) || (attached?.InstanceId && own.has(attached.InstanceId))) continue;
      const InstanceId = instances.get(AvailabilityZone);
      if (attached) refused.push(`${VolumeId} is attached to ${attached.InstanceId}, which isn't this cluster's`);
      else if (InstanceId)
        await ec2.send(new AttachVolumeCommand({ VolumeId, InstanceId, Device: `/dev/xvd${VolumeId.slice(-4)}` }));
      else refused.push(`${VolumeId} is in ${AvailabilityZone}, where the cluster has no node`);
    }
  };
  const ended = work();
  return {
    refused,
    async stop() {
      stopped = true;
      await ended;
    },
  };
}

/** EBS volumes that Pods which haven't ended mount. */
async function mountedVolumes(kube: Attaching["kube"]): Promise<Set<string>> {
  const podsKind = { ...claims, kind: "Pod", resource: "pods" };
  const [pods, bound, made] = await Promise.all([
    listAll(kube, podsKind),
    listAll(kube, claims),
    listAll(kube, volumes),
  ]);
  const handles = new Map(made.map((volume) => [volume.metadata.name, backingOf(volume)]));
  const byClaim = new Map(
    bound.map((claim) => [`${claim.metadata.namespace}/${claim.metadata.name}`, volumeName(claim)]),
  );
  const mounted = pods.flatMap(({ metadata, spec, status }) => {
    const { phase } = (status ?? {}) as { phase?: string };
    if (phase === "Succeeded" || phase === "Failed") return [];
    const { volumes: its = [] } = (spec ?? {}) as { volumes?: { persistentVolumeClaim?: { claimName: string } }[] };
    return its.flatMap(
      ({ persistentVolumeClaim }) => byClaim.get(`${metadata.namespace}/${persistentVolumeClaim?.claimName}`) ?? [],
    );
  });
  return new Set(
    mounted.flatMap((name) => {
      const backing = handles.get(name);
      return backing?.kind === "ebs" ? [backing.handle] : [];
    }),
  );
}

function volumeName({ spec }: KubeObject): string {
  return (spec as { volumeName?: string } | undefined)?.volumeName ?? "";
}
