import type { Association, RecordSet } from "../model/traffic.js";
import type { Elbv2Api } from "./elbv2-api.js";

export interface Zone {
  /** Without `/hostedzone/` before it. */
  id: string;
  /** With the final dot. */
  name: string;
  private: boolean;
}

/** Of the zones with one name. */
export interface WhichZone {
  private?: boolean | undefined;
  /** The private zone that this VPC of the client's region sees: `vpc-0123`. */
  vpc?: string | undefined;
}

export interface Change {
  Action: "CREATE" | "UPSERT" | "DELETE";
  ResourceRecordSet: RecordSet;
}

/** Route 53. Every method throws UserError `aws-failed`, naming the action and the resource. */
export interface Route53Api {
  /** By id or by name. Zones that share a name are told apart by `which`, or by their ids. */
  findZone(nameOrId: string, which?: WhichZone): Promise<Zone>;
  /** All of the account's zones of that name, public and private. */
  zonesNamed(name: string): Promise<Zone[]>;
  /**
   * Every record set of the zone, whole and in Route 53's order. With names: theirs alone, of every type, in as few calls
   * as their places in the zone allow.
   */
  recordSets(zoneId: string, names?: readonly string[]): Promise<RecordSet[]>;
  /**
   * One transactional batch: all of it or nothing. Returns the change's id. It isn't tried again where it is unclear
   * whether the batch arrived: the caller has to look.
   */
  change(zoneId: string, changes: Change[], comment: string): Promise<string>;
  /** Resolves once all of Route 53's name servers have the change. */
  waitInSync(changeId: string, signal?: AbortSignal): Promise<void>;
}

/** All that is given must hold. */
export interface AddressFilter {
  allocationIds?: string[];
  publicIps?: string[];
  instanceIds?: string[];
  interfaceIds?: string[];
}

export interface InstanceFilter {
  instanceIds?: string[];
  /** Tag key -> value. */
  tags?: Record<string, string>;
}

export interface Instance {
  instanceId: string;
  /** `running`, `stopped`, `terminated`, … */
  state: string;
  zone: string;
  tags: Record<string, string>;
  /** By device index: the first is the primary. */
  interfaces: { networkInterfaceId: string; privateIpAddress: string }[];
}

/** Where an address goes: an instance with one interface, or an interface, and one of its private addresses. */
export type AssociateRequest = {
  allocationId: string;
  privateIpAddress?: string;
  /** False: fails where somebody has the address. True: takes it from whoever has it, in one move. */
  allowReassociation: boolean;
} & ({ instanceId: string } | { networkInterfaceId: string });

/** EC2. Every method throws UserError `aws-failed`, naming the action and the resource. */
export interface Ec2Api {
  addresses(filter: AddressFilter): Promise<Association[]>;
  /** Returns the association's id. Like a change of records, not tried again where it is unclear whether it arrived. */
  associate(request: AssociateRequest): Promise<string>;
  disassociate(associationId: string): Promise<void>;
  instances(filter: InstanceFilter): Promise<Instance[]>;
  /** The values of a tag by resource id, of whatever has it. */
  tagged(key: string): Promise<Map<string, string>>;
  /** Writes a tag, over whatever value it had. */
  tag(resource: string, key: string, value: string): Promise<void>;
  /** Takes a tag off, whatever its value; one that isn't there is no error. */
  untag(resources: readonly string[], key: string): Promise<void>;
}

export interface Identity {
  account: string;
  arn: string;
}

/** What a probe learned: `unknown` where the answer says nothing of permissions. */
export interface Probe {
  outcome: "allowed" | "denied" | "unknown";
  /** In AWS's own words, unless it is allowed. */
  detail: string;
}

/** Asks whether something would be allowed, without doing it. */
export interface Probes {
  changeRecords(record: { zoneId: string; name: string; type: string }): Promise<Probe>;
  associate(request: { allocationId: string; instanceId: string }): Promise<Probe>;
  /** Whether an address may get the tag that a shift leaves. */
  tag(request: { allocationId: string; key: string }): Promise<Probe>;
  /** How many record sets the zone may still get. */
  freeRecordSets(zoneId: string): Promise<number>;
}

/** Time spent in calls, without the waits between them. */
export interface Meter {
  /** Milliseconds, all actions together. */
  ms(): number;
  /** By action, e.g. `ChangeResourceRecordSets`. */
  actions(): Record<string, { calls: number; ms: number }>;
}

export interface AwsApi {
  route53: Route53Api;
  ec2: Ec2Api;
  elbv2: Elbv2Api;
  probes: Probes;
  /** Who these credentials are. */
  identity(): Promise<Identity>;
  meter: Meter;
}
