import type { Properties, StackChange } from "../model/stack-change.js";
import { valueAt } from "./paths.js";

/** A change of what is paid for. No prices: those are a contract's, and a region's. */
export interface CostChange {
  change: "new" | "more or less" | "made anew" | "gone";
  /** `NAT gateway` */
  what: string;
  /** The resource's name in the stack. */
  name: string;
  /** What decides over its price, as it will be, or was: `3 to 9 nodes, m6i.large, on-demand`. Empty where nothing does. */
  detail: string;
}

interface Billed {
  what: string;
  /** Undefined where this one costs nothing by itself. */
  detail: (inputs: Properties) => string | undefined;
}

const plain = (what: string): Billed => ({ what, detail: () => "" });

/** What AWS bills for as long as it is there, by the end of its type. */
const billed: Record<string, Billed> = {
  "eks/cluster:Cluster": {
    what: "EKS control plane",
    detail: (inputs) =>
      `Kubernetes ${String(inputs.version)}${valueAt(inputs, "upgradePolicy.supportType") === "EXTENDED" ? ", dearer once only extended support is left for it" : ""}`,
  },
  "eks/nodeGroup:NodeGroup": { what: "node group", detail: nodes },
  "ec2/launchTemplate:LaunchTemplate": {
    what: "volumes of each node",
    detail: (inputs) => disks(inputs.blockDeviceMappings),
  },
  "ec2/instance:Instance": { what: "instance", detail: ({ instanceType }) => String(instanceType) },
  "ec2/natGateway:NatGateway": plain("NAT gateway"),
  "ec2/eip:Eip": plain("Elastic IP"),
  "ec2/vpcEndpoint:VpcEndpoint": {
    what: "interface endpoint",
    detail: ({ vpcEndpointType, serviceName }) =>
      vpcEndpointType === "Interface" ? String(serviceName ?? "") : undefined,
  },
  "ebs/volume:Volume": {
    what: "volume",
    detail: ({ size, type }) => `${String(size)} GiB ${String(type ?? "")}`.trim(),
  },
  "kms/key:Key": plain("key"),
  "lb/loadBalancer:LoadBalancer": { what: "load balancer", detail: balancer },
  "alb/loadBalancer:LoadBalancer": { what: "load balancer", detail: balancer },
  "elb/loadBalancer:LoadBalancer": plain("classic load balancer"),
  "core/v1:Service": {
    what: "load balancer, by a Service",
    detail: (inputs) => (valueAt(inputs, "spec.type") === "LoadBalancer" ? "" : undefined),
  },
  "core/v1:PersistentVolumeClaim": {
    what: "volume, by a claim",
    detail: (inputs) => String(valueAt(inputs, "spec.resources.requests.storage") ?? ""),
  },
};

/** The changes that a bill shows, in the engine's order. */
export function costChanges(changes: readonly StackChange[]): CostChange[] {
  return changes.flatMap(({ kind, type, name, before, after }): CostChange[] => {
    const entry = billed[type.slice(type.indexOf(":") + 1)];
    if (!entry || kind === "same") return [];
    const was = before && entry.detail(before);
    const will = after && entry.detail(after);
    const told = (change: CostChange["change"], detail: string) => [{ change, what: entry.what, name, detail }];
    if (will === undefined) return was === undefined ? [] : told("gone", was);
    if (was === undefined) return told("new", will);
    if (kind === "replace") return told("made anew", was === will ? will : `${was} -> ${will}`);
    return was === will ? [] : told("more or less", `${was} -> ${will}`);
  });
}

export function describeCost({ change, what, name, detail }: CostChange): string {
  return `${change.padEnd(12)} ${what} ${name}${detail && `: ${detail}`}`;
}

function nodes({ scalingConfig, instanceTypes, capacityType }: Properties): string {
  const { minSize, maxSize } = (scalingConfig ?? {}) as Properties;
  const types = Array.isArray(instanceTypes) ? instanceTypes.join(" or ") : "types of its template";
  return `${String(minSize)} to ${String(maxSize)} nodes, ${types}, ${capacityType === "SPOT" ? "spot" : "on-demand"}`;
}

function disks(mappings: unknown): string {
  const each = Array.isArray(mappings) ? mappings : [];
  return each
    .map((mapping) => `${String(valueAt(mapping, "ebs.volumeSize"))} GiB ${String(valueAt(mapping, "ebs.volumeType"))}`)
    .join(", ");
}

function balancer({ loadBalancerType, internal }: Properties): string {
  return `${String(loadBalancerType ?? "application")}, ${internal === true ? "internal" : "internet-facing"}`;
}
