/**
 * What controllers of a cluster make in AWS beside what made the cluster, in the order in which it can be deleted: whoever needs
 * another one goes before it.
 */
export const cloudKinds = [
  "record",
  "load-balancer",
  "classic-load-balancer",
  "target-group",
  "network-interface",
  "address",
  "security-group",
  "launch-template",
  "volume",
  "snapshot",
] as const;
export type CloudKind = (typeof cloudKinds)[number];

/** Kinds that hold data: what is lost with one is nowhere else. */
export const dataKinds: ReadonlySet<CloudKind> = new Set(["volume", "snapshot"]);

/** Who needs a resource at the moment, by AWS's own word. */
export interface CloudUser {
  /** Its id, ARN or name. */
  id: string;
  /** Of an interface that a load balancer has: the end of that one's ARN, or its name; it goes with it. */
  of?: string;
  /** After `it`: `is attached to i-0123`. */
  how: string;
}

/** One resource of an account, as it was looked at. */
export interface CloudResource {
  kind: CloudKind;
  /** By which AWS deletes it: `vol-0123`, an ARN, the name of a classic load balancer, `Z1/app.acme.example./A` of a record. */
  id: string;
  /** For people: its own name, else its tag Name, else its id. */
  name: string;
  tags: Readonly<Record<string, string>>;
  /** How others name it: DNS names and public addresses, in lower case and without a final dot. */
  aliases: readonly string[];
  /** What it leads to, by id, name or address: targets of a load balancer, the values of a record, the volume of a snapshot. */
  leadsTo: readonly string[];
  users: readonly CloudUser[];
  /** Why AWS lets nobody delete it: it's being made, or AWS made it for itself. */
  held?: string;
  /** Of a record: the owner id of the external-dns that made it. */
  owner?: string;
}

/** What was found of blue's, and what is to become of it. */
export interface JudgedResource {
  kind: CloudKind;
  id: string;
  name: string;
  /** Why it's thought blue's. */
  because: string;
  /** Why it stays; absent for an orphan, which may be removed. */
  kept?: string;
}

/** A kind that couldn't be looked at: nothing of it is removed. */
export interface UnseenKind {
  kind: CloudKind;
  why: string;
}

/** All that is blue's in AWS beside its stack, at one look. */
export interface CloudLook {
  resources: JudgedResource[];
  unseen: UnseenKind[];
}

/**
 * An id, ARN, DNS name or address as it's compared: lower case, without a final dot, and without what Route 53's alias records
 * write before a load balancer's name.
 */
export function aliasOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/\.$/, "")
    .replace(/^dualstack\./, "");
}
