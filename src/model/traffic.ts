import type { DnsRegistry } from "./external-dns.js";
import { type LoadBalancerTarget, loadBalancerKey } from "./load-balancer.js";
import type { ManualTarget } from "./manual.js";

/** A Route 53 record set, whole, in the SDK's own shape and member names. What is saved is written back unchanged. */
export interface RecordSet {
  Name: string;
  Type: string;
  SetIdentifier?: string;
  Weight?: number;
  TTL?: number;
  ResourceRecords?: { Value: string }[];
  AliasTarget?: AliasTarget;
  HealthCheckId?: string;
  [field: string]: unknown;
}

/** What an alias record answers with: the addresses of another name, which Route 53 looks up itself. */
export interface AliasTarget {
  /** Of the other name: for a load balancer its CanonicalHostedZoneId, else the zone's own id. */
  HostedZoneId: string;
  /** In lower case and with the final dot, as Route 53 lists it. */
  DNSName: string;
  EvaluateTargetHealth: boolean;
}

/** What a name answers: values, e.g. addresses, or what another name answers. */
export type Answer = readonly string[] | AliasTarget;

/** All record sets of one name and type in one zone: what one weighted shift moves. */
export interface DnsTarget {
  kind: "route53";
  zoneId: string;
  /** Fully qualified, with the final dot. */
  name: string;
  type: "A" | "AAAA" | "CNAME";
  green: Answer;
  /** Route 53's health check of green's answer: while it fails, green gets no share at all. */
  healthCheckId?: string;
  /** Where its zone may have TXT records in which an external-dns says that it manages the name. */
  registry?: DnsRegistry;
}

/** A record beside one that moves, which goes on answering with blue's. */
export interface StayingRecord {
  zoneId: string;
  name: string;
  type: string;
  /** Another type of the name moves, or the name in another zone of the domain. */
  beside: "type" | "zone";
  /** Which: `A`, `public zone Z1`. */
  of: string;
}

/** An Elastic IP, and where it must go. */
export interface AddressTarget {
  kind: "elastic-ip";
  allocationId: string;
  publicIp: string;
  group: string;
  zone: string;
  /** The instance of green that takes it; known only once green stands. */
  greenInstanceId: string;
}

/** How one name, address or rule divides its traffic now. Only the proportion of the weights says anything. */
export interface Portion {
  /** `app.acme.example. A`, an Elastic IP, a listener or a rule. */
  what: string;
  blue: number;
  green: number;
  /** Of what is neither blue's nor green's. */
  other: number;
}

export type Target = DnsTarget | AddressTarget | LoadBalancerTarget | ManualTarget;

/** An address's association, whole, as DescribeAddresses gave it. */
export interface Association {
  allocationId: string;
  publicIp: string;
  associationId?: string;
  instanceId?: string;
  networkInterfaceId?: string;
  privateIpAddress?: string;
}

/** `route53:Z1/app.acme.example./A`, `elastic-ip:eipalloc-1` or `manual:partner`: a target's name in journals and reports. */
export function targetKey(target: Target): string {
  if (target.kind === "load-balancer") return loadBalancerKey(target);
  if (target.kind === "manual") return `manual:${target.name}`;
  return target.kind === "route53"
    ? `route53:${target.zoneId}/${target.name}/${target.type}`
    : `elastic-ip:${target.allocationId}`;
}
