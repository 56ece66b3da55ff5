import { sha256 } from "../model/canonical.js";
import { isObject, objectAt } from "../model/json.js";
import type { Ledger, Written } from "../model/ledger.js";
import type { JsonObject, KubeObject } from "../model/objects.js";
import { comparable, type FieldDifference, jsonPointer } from "./compare.js";
import { entriesOf, entryKey, type ManagerEntry } from "./field-managers/entries.js";
import { fieldManager, owns } from "./managed-fields.js";
import { controllersOwn, isControllersFinalizer, type ToleranceContext } from "./tolerances.js";

/** For a control plane that is thrown away: what nobody remembers is taken for somebody else's. */
export const forgetful: Ledger = { get: () => undefined, objects: () => [], put: () => undefined };

/** What to remember of an object as green has it after we wrote it. */
export function writtenOf(wanted: KubeObject, live: KubeObject, context: ToleranceContext): Written {
  return {
    uid: live.metadata.uid ?? "",
    wanted: hashOfWanted(wanted),
    state: stateOf(live, context),
    managers: Object.fromEntries(entriesOf(live).map((entry) => [entryKey(entry), hashOfEntry(entry)])),
  };
}

/** What to remember of an object that is about to be made: whoever is killed meanwhile finds it again. */
export function intended(wanted: KubeObject): Written {
  return { uid: "", wanted: hashOfWanted(wanted), state: "", managers: {} };
}

/**
 * True where a difference between blue and green came about on green, after we wrote the object. As far as that can't be
 * told, it's believed: what somebody wrote on green is not ours to overwrite.
 *
 * @param owners who should own the object's fields
 */
export function cameAboutOnGreen(
  difference: FieldDifference,
  written: Written,
  {
    wanted,
    live,
    owners,
    context,
  }: {
    wanted: KubeObject;
    live: KubeObject;
    owners: readonly ManagerEntry[];
    context: ToleranceContext;
  },
): boolean {
  if (stateOf(live, context) === written.state) return false;
  // Blue is as it was: then it's green that isn't.
  if (hashOfWanted(wanted) === written.wanted) return true;
  const entries = entriesOf(live).filter(({ manager }) => manager !== fieldManager);
  if (entries.length === 0) return true;
  const asTheyWere = new Set(entries.filter((it) => written.managers[entryKey(it)] === hashOfEntry(it)).map(entryKey));
  const wroteSince = entries.filter((entry) => !asTheyWere.has(entryKey(entry)));
  if (wroteSince.some(({ fields }) => owns(fields, live, difference.path))) return true;
  // What somebody took off has no writer. But whoever owned it has lost it.
  if (difference.kind !== "missing") return false;
  return owners.some(
    (owner) =>
      written.managers[entryKey(owner)] !== undefined &&
      !asTheyWere.has(entryKey(owner)) &&
      owns(owner.fields, wanted, difference.path),
  );
}

/** A hash would let somebody try out what a Secret holds: of those its values don't count. */
function hashOfWanted(wanted: KubeObject): string {
  const said = comparable(wanted);
  return sha256(wanted.kind === "Secret" ? withoutValues(said) : said);
}

function withoutValues(secret: JsonObject): JsonObject {
  const { data, stringData: _, metadata, ...rest } = secret;
  const { "kubectl.kubernetes.io/last-applied-configuration": __, ...annotations } = objectAt(metadata, "annotations");
  return {
    ...rest,
    keys: isObject(data) ? Object.keys(data).sort() : [],
    metadata: { ...objectAt(metadata), annotations },
  };
}

/** The same as long as nobody but Kubernetes's own controllers writes the object. */
function stateOf(live: KubeObject, context: ToleranceContext): string {
  if (live.kind === "Secret") return `resourceVersion ${live.metadata.resourceVersion}`;
  const { metadata, spec, ...rest } = comparable(live);
  const { labels, annotations, finalizers, ...own } = objectAt(metadata);
  const kept = (field: string, map: unknown) =>
    Object.entries(isObject(map) ? map : {}).filter(
      ([key]) => !controllersOwn.test(jsonPointer(["metadata", field, key])),
    );
  return sha256({
    ...rest,
    metadata: {
      ...own,
      labels: Object.fromEntries(kept("labels", labels)),
      annotations: Object.fromEntries(kept("annotations", annotations)),
      finalizers: (Array.isArray(finalizers) ? finalizers : []).filter((name) => !isControllersFinalizer(name)),
    },
    spec: isObject(spec) ? Object.fromEntries(Object.entries(spec).filter(([f]) => !isBound(f, live, context))) : spec,
  });
}

/** Fields of a spec that controllers and autoscalers fill in. */
function isBound(field: string, live: KubeObject, context: ToleranceContext): boolean {
  if (field === "replicas") return context.autoscaled(live);
  return { PersistentVolumeClaim: "volumeName", PersistentVolume: "claimRef", Pod: "nodeName" }[live.kind] === field;
}

function hashOfEntry({ time, fields }: ManagerEntry): string {
  return sha256([time ?? null, fields]).slice(0, 8);
}
