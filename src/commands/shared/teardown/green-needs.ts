import type { Cloud } from "../../../aws/cloud/open.js";
import type { KubeReader } from "../../../kube/api.js";
import { listAll } from "../../../kube/list-all.js";
import { UserError } from "../../../model/errors.js";
import { type ApiResource, refKey, refOf } from "../../../model/objects.js";
import { mentionsOf } from "../../../sweep/mentions.js";

/** Kinds in which a cluster says which resources of AWS it uses. */
const telling: readonly [group: string, kind: string][] = [
  ["", "PersistentVolume"],
  ["", "Service"],
  ["", "Node"],
  ["networking.k8s.io", "Ingress"],
  ["storage.k8s.io", "VolumeAttachment"],
  ["snapshot.storage.k8s.io", "VolumeSnapshotContent"],
  ["elbv2.k8s.aws", "TargetGroupBinding"],
  ["elbv2.k8s.aws", "IngressClassParams"],
  ["vpcresources.k8s.aws", "SecurityGroupPolicy"],
  ["crd.k8s.amazonaws.com", "ENIConfig"],
  ["karpenter.k8s.aws", "EC2NodeClass"],
  ["eks.amazonaws.com", "NodeClass"],
  ["externaldns.k8s.io", "DNSEndpoint"],
];

/** Those of them that a cluster serves. @throws UserError `cluster-unreachable` where it can't say */
export async function tellingKinds(kube: Pick<KubeReader, "discover" | "name">): Promise<ApiResource[]> {
  const { resources, broken } = await kube.discover();
  const silent = broken.find(({ groupVersion }) => telling.some(([group]) => groupVersion.startsWith(`${group}/`)));
  if (silent) {
    throw new UserError({
      code: "cluster-unreachable",
      what: `${kube.name} can't say what it uses: ${silent.groupVersion}: ${silent.reason}`,
      fix: "Mend the API service, then run the same command again.",
    });
  }
  return telling.flatMap(([group, kind]) => {
    const served = resources.find((each) => each.group === group && each.kind === kind && each.verbs.includes("list"));
    return served ? [served] : [];
  });
}

/** Everything of AWS that green uses at this moment, in the form of `Protections.needed`: what its objects name, and its instances' interfaces. */
export async function greenNeeds(
  kube: Pick<KubeReader, "pages">,
  kinds: readonly ApiResource[],
  cloud: Pick<Cloud, "interfacesOf">,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const needed = new Map<string, string>();
  const need = (value: unknown, why: string): void => {
    for (const each of mentionsOf(value)) if (!needed.has(each)) needed.set(each, why);
  };
  for (const resource of kinds) {
    for (const object of await listAll(kube, resource, { signal })) {
      const { metadata, ...rest } = object;
      const { managedFields: _, ...own } = metadata;
      need({ ...rest, metadata: own }, `green's ${refKey(refOf(object))} needs it`);
    }
  }
  const instances = [...needed.keys()].filter((each) => each.startsWith("i-"));
  need(await cloud.interfacesOf(instances), "green's instances need it");
  return needed;
}
