import type { CloudKind, CloudResource } from "../../src/model/cloud.js";
import type { Blue } from "../../src/sweep/blue.js";
import type { Surroundings } from "../../src/sweep/judge.js";
import type { Protections } from "../../src/sweep/protections.js";

/** A resource that is blue's by its tag, and that nobody needs. */
export function resource(kind: CloudKind, id: string, parts: Partial<CloudResource> = {}): CloudResource {
  const tags = { "kubernetes.io/cluster/prod": "owned" };
  return { kind, id, name: id, tags, aliases: [], leadsTo: [], users: [], ...parts };
}

export const blue: Blue = { cluster: "prod", made: new Map(), owners: new Set(["prod-dns"]) };

export function protections(needed: Record<string, string> = {}, parts: Partial<Protections> = {}): Protections {
  return { needed: new Map(Object.entries(needed)), keptTags: [], greenOwners: new Set(["green-dns"]), ...parts };
}

export function around(parts: Partial<Surroundings> = {}): Surroundings {
  return { blue, protections: protections(), answering: [], others: new Map(), ...parts };
}
