import type { KubeObject } from "../../model/objects.js";
import { minorOf } from "../binaries/recipe.js";
import { kwokAnnotation } from "./kwokctl-config.js";

export interface Taint {
  key: string;
  value?: string;
  effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

/** An instance in the AWS emulator that a node stands on. */
export interface NodeInstance {
  /** `i-0123456789abcdef0`. */
  id: string;
  /** `eu-central-1a`; its region is the same without the last letter. */
  zone: string;
  privateIp: string;
  /** The address that it is reached by from outside, where it has one: `ExternalIP`. */
  publicIp?: string;
}

/** One instance group, as kops calls it. */
export interface NodeGroup {
  name: string;
  role: "master" | "node";
  instanceType: string;
  instances: readonly NodeInstance[];
  labels?: Record<string, string>;
  taints?: readonly Taint[];
  /** The planted fault: its pods' network doesn't start. */
  broken?: boolean;
}

/** Marks a node whose fault was planted, and says which. */
export const faultAnnotation = "sandbox.clustershift.dev/fault";

/** A zone for each of `count` instances, in turn: a, b, c, a, … */
export function spread(count: number, zones: readonly string[]): string[] {
  return Array.from({ length: count }, (_, index) => zones[index % zones.length] ?? "");
}

/** The node objects of a topology, as kops of their time on AWS would register them; `version` is their kubelets', e.g. `1.24.17`. */
export function nodesOf(groups: readonly NodeGroup[], version: string, now: Date): KubeObject[] {
  return groups.flatMap((group) => group.instances.map((instance) => nodeOf(group, instance, version, now)));
}

/** The name that AWS's private DNS gives an instance, which kops takes for the node: `ip-10-0-1-5.eu-central-1.compute.internal`. */
export function nodeName({ privateIp, zone }: NodeInstance): string {
  return `ip-${privateIp.replaceAll(".", "-")}.${regionOf(zone)}.compute.internal`;
}

function nodeOf(group: NodeGroup, instance: NodeInstance, version: string, now: Date): KubeObject {
  const name = nodeName(instance);
  const capacity = { cpu: "32", memory: "256Gi", pods: "110", "ephemeral-storage": "256Gi" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: { ...labelsOf(group, instance, name, minorOf(version)), ...group.labels },
      annotations: {
        [kwokAnnotation.key]: kwokAnnotation.value,
        ...(group.broken ? { [faultAnnotation]: "pod-network" } : {}),
      },
    },
    spec: {
      providerID: `aws:///${instance.zone}/${instance.id}`,
      taints:
        group.taints ??
        (group.role === "master" ? [{ key: "node-role.kubernetes.io/master", effect: "NoSchedule" }] : []),
    },
    status: {
      capacity,
      allocatable: capacity,
      nodeInfo: nodeInfoOf(instance, version),
      addresses: [
        { type: "InternalIP", address: instance.privateIp },
        ...(instance.publicIp ? [{ type: "ExternalIP", address: instance.publicIp }] : []),
        { type: "Hostname", address: name },
      ],
      ...(group.broken ? { conditions: healthyConditions(now) } : {}),
    },
  };
}

function labelsOf(
  { name: group, role, instanceType }: NodeGroup,
  { zone }: NodeInstance,
  name: string,
  minor: number,
): Record<string, string> {
  const region = regionOf(zone);
  return {
    [`node-role.kubernetes.io/${role}`]: "",
    ...(role === "master" && minor >= 20 && { "node-role.kubernetes.io/control-plane": "" }),
    "kops.k8s.io/instancegroup": group,
    "kubernetes.io/role": role,
    "kubernetes.io/hostname": name,
    "kubernetes.io/os": "linux",
    "kubernetes.io/arch": "amd64",
    "beta.kubernetes.io/os": "linux",
    "beta.kubernetes.io/arch": "amd64",
    "beta.kubernetes.io/instance-type": instanceType,
    "failure-domain.beta.kubernetes.io/zone": zone,
    "failure-domain.beta.kubernetes.io/region": region,
    // The names of today came with 1.17.
    ...(minor >= 17 && {
      "node.kubernetes.io/instance-type": instanceType,
      "topology.kubernetes.io/zone": zone,
      "topology.kubernetes.io/region": region,
    }),
  };
}

function nodeInfoOf({ id }: NodeInstance, version: string): object {
  return {
    machineID: id,
    systemUUID: id,
    bootID: id,
    ...(minorOf(version) < 20 ? dockerHost : containerdHost),
    kubeletVersion: `v${version}`,
    kubeProxyVersion: `v${version}`,
    operatingSystem: "linux",
    architecture: "amd64",
  };
}

/** What kops took for its nodes: containerd came with its 1.20. */
const dockerHost = {
  kernelVersion: "4.9.0-11-amd64",
  osImage: "Debian GNU/Linux 9 (stretch)",
  containerRuntimeVersion: "docker://18.9.9",
};
const containerdHost = {
  kernelVersion: "5.15.0-1022-aws",
  osImage: "Ubuntu 20.04.5 LTS",
  containerRuntimeVersion: "containerd://1.6.8",
};

/** What a kubelet reports that believes all is well: a CNI that answers it and then drops every packet looks so. */
export function healthyConditions(now: Date): object[] {
  const times = { lastHeartbeatTime: seconds(now), lastTransitionTime: seconds(now) };
  const good = ["MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable"];
  return [
    ...good.map((type) => ({ type, status: "False", reason: "Sandbox", message: "", ...times })),
    { type: "Ready", status: "True", reason: "KubeletReady", message: "kubelet is posting ready status", ...times },
  ];
}

function regionOf(zone: string): string {
  return zone.replace(/[a-z]$/, "");
}

/** Kubernetes' times have no fractions of seconds. */
function seconds(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, "Z");
}
