import type { KindApi } from "../aws/cloud/kind.js";
import type { SecurityGroupsKind } from "../aws/cloud/security-groups.js";
import { aliasOf, type CloudKind } from "../model/cloud.js";
import { type Blue, claimOf } from "./blue.js";
import type { Surroundings } from "./judge.js";
import type { Protections } from "./protections.js";
import type { RecordsKind } from "./records.js";

/** What a sweep asks of the world. */
export interface SweepEdges {
  kinds: Record<CloudKind, KindApi> & { record: RecordsKind; "security-group": SecurityGroupsKind };
  blue: Blue;
  /** What must stay, asked anew each time. Throws where it can't be known. */
  protections(): Promise<Protections>;
  signal?: AbortSignal;
}

/** What a record may lead to. */
const balancers = ["load-balancer", "classic-load-balancer", "address"] as const;

export const isAnswered = (kind: CloudKind): boolean => balancers.some((each) => each === kind);

/**
 * All that a verdict on resources of these kinds needs, as it is now. Records are read only for what they may lead to, and that only
 * for records: each is many calls. Throws where anything of it can't be read: then there is no verdict.
 */
export async function surroundingsOf(kinds: readonly CloudKind[], edges: SweepEdges): Promise<Surroundings> {
  const answering = kinds.some(isAnswered) ? await edges.kinds.record.answering() : [];
  const others = kinds.includes("record") ? await othersThan(edges) : new Map<string, string>();
  return { blue: edges.blue, protections: await edges.protections(), answering, others };
}

/** Load balancers and addresses that nothing says are blue's. */
async function othersThan({ kinds, blue }: SweepEdges): Promise<Map<string, string>> {
  const others = new Map<string, string>();
  for (const kind of balancers) {
    for (const resource of await kinds[kind].list()) {
      if (claimOf(resource, blue) !== undefined) continue;
      for (const alias of resource.aliases) others.set(aliasOf(alias), `the ${kind} ${resource.name}`);
    }
  }
  return others;
}
