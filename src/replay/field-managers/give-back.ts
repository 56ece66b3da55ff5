import { KubeError, type KubeHandOver, type KubeWriter } from "../../kube/api.js";
import { isObject } from "../../model/json.js";
import type { ApiResource, JsonObject, KubeObject } from "../../model/objects.js";
import { fieldManager } from "../managed-fields.js";
import { entriesOf, type ManagerEntry, managedFieldsOf, unitedEntries } from "./entries.js";
import { common, covers, type FieldSet, isLeaf, union } from "./field-set.js";
import { appliedBy } from "./take-over.js";

const mostAttempts = 10;

/** Where a client can't apply, who applied a field has it by an update afterwards. */
type GivingBack = Pick<KubeHandOver, "get" | "patch"> & Partial<Pick<KubeWriter, "apply">>;

/**
 * Gives the fields that stand in our name on green to those who should own them; nobody else's entry is touched. Due, also
 * after kill -9, exactly where our name is among an object's managers: nothing else needs to be remembered.
 *
 * A merge patch of `managedFields` replaces them and is nobody's write itself. It carries the resourceVersion that it was made
 * for, since controllers write beside us.
 *
 * @param live as green last gave it
 * @param owners whose fields they should be; what none of them owns is nobody's afterwards
 * @returns the object as green has it now
 * @throws KubeError in the server's words
 */
export async function giveBack(
  live: KubeObject,
  owners: readonly ManagerEntry[],
  { green, resource, signal }: { green: GivingBack; resource: ApiResource; signal?: AbortSignal },
): Promise<KubeObject> {
  const { name, namespace } = live.metadata;
  const options = { ...(namespace && { namespace }), ...(signal && { signal }) };
  let current = live;
  let writer = fieldManager;
  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    const managedFields = givenBack(current, owners);
    if (!managedFields) break;
    const { resourceVersion } = current.metadata;
    const patch = { metadata: { managedFields, ...(resourceVersion && { resourceVersion }) } };
    try {
      current = await green.patch(resource, name, patch, { ...options, type: "merge", fieldManager: writer });
      // Servers take some fields for changed by each write, whatever it was: then their owner has to be who writes, and
      // where that is nobody, the name that servers themselves have for nobody known.
      const heir = heirOf(current, owners);
      if (heir?.operation === "Apply" && green.apply)
        current = await green.apply(resource, appliedBy(heir, current, namedIn(ours(current))), {
          ...options,
          fieldManager: heir.manager,
          force: true,
        });
      else writer = heir?.manager ?? "before-first-apply";
    } catch (error) {
      if (!(error instanceof KubeError) || error.reason !== "Conflict" || attempt === mostAttempts) throw error;
      const found = await green.get(resource, name, namespace);
      // Gone, or made anew by somebody: then nothing there is in our name because of us.
      if (!found || found.metadata.uid !== current.metadata.uid) break;
      current = found;
    }
  }
  return current;
}

/** Who should own what came into our name by giving back. */
function heirOf(live: KubeObject, owners: readonly ManagerEntry[]): ManagerEntry | undefined {
  const inOurName = namedIn(ours(live));
  return owners.find(
    (entry) => entry.apiVersion === live.apiVersion && !entry.subresource && !isLeaf(common(entry.fields, inOurName)),
  );
}

/** What stands in our name. */
function ours(object: KubeObject): ManagerEntry[] {
  return entriesOf(object).filter(({ manager }) => manager === fieldManager);
}

function namedIn(entries: readonly ManagerEntry[]): FieldSet {
  return entries.reduce((all, { fields }) => union(all, fields), {} as FieldSet);
}

/** What `managedFields` should say; undefined where nothing is in our name. Pure. */
export function givenBack(live: KubeObject, owners: readonly ManagerEntry[]): JsonObject[] | undefined {
  const mine = ours(live);
  if (mine.length === 0) return undefined;
  const inOurName = namedIn(mine);
  const given = owners
    .filter(({ manager }) => manager !== fieldManager)
    .map((entry) =>
      // Fields of another version have other names: whether they are among ours can't be said.
      entry.apiVersion === live.apiVersion ? { ...entry, fields: amongOurs(entry.fields, inOurName) } : entry,
    );
  return managedFieldsOf(
    unitedEntries([...given, ...entriesOf(live).filter(({ manager }) => manager !== fieldManager)]),
  );
}

/** A Secret's stringData can't be read, so that we can't send it; a server remembers who sent it all the same. */
function amongOurs(fields: FieldSet, inOurName: FieldSet): FieldSet {
  const { "f:stringData": unread } = fields;
  return { ...common(fields, inOurName), ...(unread === undefined ? {} : { "f:stringData": unread }) };
}

/** UIDs in the keys of owner references, as green has them. */
export function withGreenUids(owners: readonly ManagerEntry[], greenUids: ReadonlyMap<string, string>): ManagerEntry[] {
  return owners.map((entry) => {
    const metadata = entry.fields["f:metadata"];
    const references = isObject(metadata) ? metadata["f:ownerReferences"] : undefined;
    if (!isObject(metadata) || !isObject(references) || isLeaf(references)) return entry;
    const mapped = Object.entries(references).map(([key, below]) => [
      key.replace(/"uid":"([^"]*)"/, (whole, uid: string) => whole.replace(uid, greenUids.get(uid) ?? uid)),
      below,
    ]);
    const fields = { ...entry.fields, "f:metadata": { ...metadata, "f:ownerReferences": Object.fromEntries(mapped) } };
    return { ...entry, fields };
  });
}

/**
 * In whose name to create an object: that of the one manager who owns all that is sent, as if it created the object on green
 * itself, which leaves nothing to give back; else ours.
 */
export function creatorOf(wanted: KubeObject, owners: readonly ManagerEntry[]): string {
  const [only, ...others] = owners;
  if (!only || others.length > 0 || only.operation !== "Update" || only.subresource !== undefined) return fieldManager;
  if (only.apiVersion !== wanted.apiVersion) return fieldManager;
  const { apiVersion: _, kind: __, metadata, ...body } = wanted;
  const { name: ___, namespace: ____, ...said } = metadata;
  return covers(only.fields, { ...body, ...(Object.keys(said).length > 0 && { metadata: said }) })
    ? only.manager
    : fieldManager;
}
