import type { NodeGroup } from "../../model/plan.js";
import type { Shape, ShapeGroup, ShapeNetwork } from "../../model/shape.js";
import type { ClusterSpec, InstanceGroupSpec, KopsCluster } from "./specification.js";

type KopsGroup = KopsCluster["groups"][number];

/** What kops takes where a group doesn't say: https://kops.sigs.k8s.io/instance_groups/ */
const kopsDefaults = { minSize: 2, rootVolumeGiB: 128 };

const controlPlane: readonly InstanceGroupSpec["role"][] = ["Master", "ControlPlane", "APIServer"];

/** A kops cluster's shape, with a remark for each thing that an EKS cluster has no counterpart of. */
export function shapeOfKops(cluster: KopsCluster): Shape {
  const { name, spec, groups } = cluster;
  const network = networkOf(spec);
  const workers = groups.filter((group) => group.spec.role === "Node");
  const [region] = [...new Set(network.subnets.map(({ zone }) => zone.replace(/[a-z]$/, "")))];
  return {
    name,
    ...(spec.kubernetesVersion && { version: spec.kubernetesVersion.replace(/^v/, "") }),
    ...(region && { region }),
    groups: workers.map((group) => groupOf(group, spec)),
    network,
    remarks: [...rolesWithout(groups, spec), ...clusterRemarks(spec), ...workers.flatMap(groupRemarks)],
  };
}

function groupOf({ name, spec }: KopsGroup, cluster: ClusterSpec): ShapeGroup {
  const min = spec.minSize ?? spec.maxSize ?? kopsDefaults.minSize;
  return {
    name,
    zones: zonesOf(spec, cluster),
    min,
    max: Math.max(spec.maxSize ?? min, min),
    instanceTypes: instanceTypesOf(spec),
    spot: isSpot(spec),
    rootVolumeGiB: spec.rootVolumeSize || kopsDefaults.rootVolumeGiB,
    // kops labels every node with its group's name, also where the specification doesn't list the label.
    labels: { "kops.k8s.io/instancegroup": name, ...spec.nodeLabels },
    taints: spec.taints.map(taintOf),
    ownsAddresses: false,
  };
}

/** One text may name several types, separated by commas. */
function instanceTypesOf({ machineType, mixedInstancesPolicy }: InstanceGroupSpec): string[] {
  const all = [...(machineType?.split(",") ?? []), ...(mixedInstancesPolicy?.instances ?? [])];
  return [...new Set(all.map((type) => type.trim()).filter(Boolean))];
}

/** A group without subnets of its own is in all that nodes go to. */
function zonesOf({ subnets }: InstanceGroupSpec, cluster: ClusterSpec): string[] {
  const hidden = cluster.topology?.nodes === "private";
  const placed = cluster.subnets.filter((subnet) =>
    subnets?.length ? subnets.includes(subnet.name) : hidden ? !isPublic(subnet) : subnet.type !== "Utility",
  );
  return [...new Set(placed.map(zoneOf))].sort();
}

function zoneOf({ name, zone }: ClusterSpec["subnets"][number]): string {
  return zone ?? name;
}

/** Subnets for load balancers and bastions are called Utility where those of nodes are private. */
function isPublic({ type }: ClusterSpec["subnets"][number]): boolean {
  return type === "Public" || type === "Utility";
}

function isSpot({ maxPrice, mixedInstancesPolicy: mixed }: InstanceGroupSpec): boolean {
  return maxPrice !== undefined || (mixed !== undefined && mixed.onDemandAboveBase === 0 && !mixed.onDemandBase);
}

function taintOf(text: string): NodeGroup["taints"][number] {
  const [, key = "", , value, effect = ""] = /^([^=:]+)(=([^:]*))?:(\w+)$/.exec(text) ?? [];
  return { key, effect, ...(value && { value }) };
}

function networkOf(spec: ClusterSpec): ShapeNetwork {
  return {
    ...(spec.networkID && { vpcId: spec.networkID }),
    cidrs: [...new Set([...(spec.networkCIDR ? [spec.networkCIDR] : []), ...spec.additionalNetworkCIDRs])],
    subnets: spec.subnets.map((subnet) => ({
      zone: zoneOf(subnet),
      public: isPublic(subnet),
      ...(subnet.id && { id: subnet.id }),
    })),
  };
}

/** Groups that green has no nodes for. */
function rolesWithout(groups: readonly KopsGroup[], cluster: ClusterSpec): string[] {
  const named = (roles: readonly InstanceGroupSpec["role"][]) =>
    groups.filter(({ spec }) => roles.includes(spec.role)).map(({ name }) => name);
  const [masters, bastions] = [named(controlPlane), named(["Bastion"])];
  const members = Math.max(0, ...cluster.etcdClusters.map(({ etcdMembers }) => etcdMembers.length));
  const etcd = members > 0 ? `, and etcd of ${members} member(s)` : "";
  return [
    ...(masters.length > 0
      ? [`No counterpart of the control plane (${masters.join(", ")}${etcd}): EKS runs it itself, over several zones.`]
      : []),
    ...(bastions.length > 0
      ? [
          `No counterpart of the bastions (${bastions.join(", ")}): green's nodes take no SSH; kubectl debug opens a shell on one.`,
        ]
      : []),
  ];
}

function clusterRemarks(spec: ClusterSpec): string[] {
  const [plugin] = Object.keys(spec.networking);
  const anywhere = spec.kubernetesApiAccess.includes("0.0.0.0/0");
  return [
    ...(plugin && plugin !== "amazonvpc"
      ? [
          `Blue's pods are networked by ${plugin}, green's by the VPC CNI: pods get addresses of the VPC, and policies of ${plugin}'s own kinds have no effect.`,
        ]
      : []),
    ...(spec.kubernetesApiAccess.length > 0
      ? [
          `Blue's API is reachable from ${anywhere ? "anywhere" : spec.kubernetesApiAccess.join(", ")}; green's from its network only, unless endpoint.public says otherwise.`,
        ]
      : []),
    ...(spec.sshAccess.length > 0
      ? [`SSH from ${spec.sshAccess.join(", ")} is not carried over: green's nodes take no SSH.`]
      : []),
  ];
}

function groupRemarks({ name, spec }: KopsGroup): string[] {
  const { mixedInstancesPolicy: mixed, additionalSecurityGroups: security, rootVolumeType } = spec;
  const share = mixed?.onDemandAboveBase;
  return [
    ...(share !== undefined && share < 100 && !isSpot(spec)
      ? [
          `${name} mixes on-demand with spot (${mixed?.onDemandBase ?? 0} on-demand, then ${share} %): a group of EKS is one or the other, and green's is on-demand.`,
        ]
      : []),
    ...(spec.maxPrice !== undefined
      ? [
          `The bid of ${spec.maxPrice} for ${name} isn't carried over: EKS pays the spot price, at most that of on-demand.`,
        ]
      : []),
    ...(security.length > 0
      ? [`Nodes of ${name} are in ${security.join(", ")} too: what lets these groups in must let green's in.`]
      : []),
    ...(rootVolumeType && rootVolumeType !== "gp3"
      ? [`The root volumes of ${name} are ${rootVolumeType}; green's are gp3.`]
      : []),
  ];
}
