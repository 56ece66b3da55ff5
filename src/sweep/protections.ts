import { aliasOf, type CloudResource } from "../model/cloud.js";
import { backupTagOf, clustersOf, finalSnapshotTag, foundationTag, keepUntilTag } from "./tags.js";

/** What must not be deleted, whoever made it. Made anew for each look, since it changes. */
export interface Protections {
  /** Why each stays, by `aliasOf` its id, ARN, DNS name or address: `vol-0123` -> `green's PersistentVolume data needs it`. */
  needed: ReadonlyMap<string, string>;
  /** Tags that blue.teardown.keepTags names; without a value, whatever its value. */
  keptTags: readonly { tag: string; value?: string | undefined }[];
  /** Owner ids of green's external-dns; undefined where one of them keeps its id where it isn't read. */
  greenOwners: ReadonlySet<string> | undefined;
}

/** What a load balancer, a target group or a record leads to is served by it. */
const leading: ReadonlySet<CloudResource["kind"]> = new Set([
  "record",
  "load-balancer",
  "classic-load-balancer",
  "target-group",
]);

/** Why a resource stays, whatever else is known of it; undefined where nothing protects it. Pure. */
export function protectionOf(
  resource: CloudResource,
  { needed, keptTags, greenOwners }: Protections,
  cluster: string,
): string | undefined {
  const own = [resource.id, resource.name, ...resource.aliases].find((each) => needed.has(aliasOf(each)));
  if (own !== undefined) return needed.get(aliasOf(own));
  const led = leading.has(resource.kind) ? resource.leadsTo.find((each) => needed.has(aliasOf(each))) : undefined;
  if (led !== undefined) return `it leads to ${led}, and ${needed.get(aliasOf(led))}`;
  const { tags, owner } = resource;
  if (owner !== undefined && !greenOwners) return "the owner id of green's external-dns can't be read";
  if (owner !== undefined && greenOwners?.has(owner)) return `green's external-dns has the owner id ${owner}, too`;
  const kept = keptTags.find(({ tag, value }) => tag in tags && (value === undefined || tags[tag] === value));
  if (kept) return `blue.teardown.keepTags names its tag ${kept.tag}`;
  const clusters = clustersOf(resource);
  const other = clusters.find((each) => each.cluster !== cluster);
  if (other) return `it's of another cluster, too: ${other.words}`;
  const shared = clusters.find((each) => each.shared);
  if (shared) return `it's shared: ${shared.words}`;
  if (foundationTag in tags) return `it's of the foundation ${tags[foundationTag]}, which outlives every cluster`;
  if (finalSnapshotTag in tags) return `it's a final snapshot, to be kept until ${tags[keepUntilTag]}`;
  const backup = backupTagOf(resource);
  return backup === undefined ? resource.held : `it's a backup: it has the tag ${backup}`;
}
