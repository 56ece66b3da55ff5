import { compareText } from "../model/canonical.js";
import { aliasOf, type CloudResource, type CloudUser, cloudKinds, type JudgedResource } from "../model/cloud.js";
import { type Blue, claimOf } from "./blue.js";
import { type Protections, protectionOf } from "./protections.js";

/** A record of a hosted zone, and where it leads. */
export interface Answering {
  /** As CloudResource's, where a sweep could remove it. */
  id: string;
  /** `app.acme.example. A` */
  name: string;
  leadsTo: readonly string[];
  /** False with a weight of 0: nobody is answered by it. */
  serves: boolean;
}

/** What is known beside the resources themselves. */
export interface Surroundings {
  blue: Blue;
  protections: Protections;
  /** All records of all zones. */
  answering: readonly Answering[];
  /** Load balancers and addresses that aren't blue's, by their aliases: `web-1.elb.amazonaws.com` -> `the load balancer web`. */
  others: ReadonlyMap<string, string>;
}

/** What is found and claimed for blue, with the reason. */
export interface Candidate {
  resource: CloudResource;
  because: string;
}

export function candidateOf(resource: CloudResource, blue: Blue): Candidate[] {
  const because = claimOf(resource, blue);
  return because === undefined ? [] : [{ resource, because }];
}

/**
 * What becomes of each: kept where anything protects it, or where something needs it that isn't going itself. In the order in which
 * orphans can be deleted. Pure.
 *
 * @param standing true while blue stands: then its own use of its things is no reason, and only what protects them counts
 */
export function sift(candidates: readonly Candidate[], around: Surroundings, standing = false): JudgedResource[] {
  const kept = new Map<string, string>();
  const going = new Map(candidates.map((each) => [each.resource.id, each]));
  for (let changed = true; changed; ) {
    changed = false;
    for (const [id, { resource }] of going) {
      const why = reasonToKeep(resource, around, new Set(going.keys()), standing);
      if (why === undefined) continue;
      kept.set(id, why);
      going.delete(id);
      changed = true;
    }
  }
  return candidates
    .map(({ resource: { kind, id, name }, because }): JudgedResource => {
      const why = kept.get(id);
      return { kind, id, name, because, ...(why !== undefined && { kept: why }) };
    })
    .sort(
      (a, b) =>
        cloudKinds.indexOf(a.kind) - cloudKinds.indexOf(b.kind) ||
        compareText(a.name, b.name) ||
        compareText(a.id, b.id),
    );
}

/** Why one stays; undefined where it may go. `going`: ids of what is to be deleted with it, and so is no reason. */
export function reasonToKeep(
  resource: CloudResource,
  { blue, protections, answering, others }: Surroundings,
  going: ReadonlySet<string>,
  standing = false,
): string | undefined {
  const protection = protectionOf(resource, protections, blue.cluster);
  if (protection !== undefined) return protection;
  const record = answering.find(({ id, leadsTo }) => !going.has(id) && leadsTo.some((to) => isNamed(resource, to)));
  if (record && !standing) return `the record ${record.name} leads to it`;
  const other = resource.kind === "record" && resource.leadsTo.map((to) => others.get(aliasOf(to))).find(Boolean);
  if (other) return `it leads to ${other}, which isn't blue's`;
  const user = resource.users.find((each) => !isGoing(each, going));
  return user && !standing ? `it ${user.how}` : undefined;
}

function isGoing({ id, of }: CloudUser, going: ReadonlySet<string>): boolean {
  return going.has(id) || (of !== undefined && [...going].some((each) => each === of || each.endsWith(`/${of}`)));
}

const isNamed = ({ kind, aliases }: CloudResource, to: string): boolean =>
  kind !== "record" && aliases.includes(aliasOf(to));
