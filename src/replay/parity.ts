import type { KubeReader } from "../kube/api.js";
import { listIfServed } from "../kube/list-all.js";
import type { Difference, ParityReport } from "../model/accounting.js";
import type { Ledger } from "../model/ledger.js";
import {
  type ApiResource,
  apiVersionOf,
  type KubeObject,
  kindKey,
  type ObjectRef,
  refKey,
  refOf,
} from "../model/objects.js";
import { autoscaledAmong } from "./arrive.js";
import { compareObjects, jsonPointer } from "./compare.js";
import { goneKinds } from "./gone-kinds.js";
import { isOurs } from "./managed-fields.js";
import { merge } from "./mend.js";
import { mapOwners } from "./owners.js";
import type { Departure } from "./prepare.js";
import { mergedRules } from "./rules/merged.js";
import { judge } from "./tolerances.js";

export interface ParityOptions {
  /** ISO 8601, UTC. */
  at: string;
  /** What we wrote; without it an object of ours that blue no longer has can't be told from green's own. */
  ledger?: Pick<Ledger, "get" | "objects">;
  /** Objects that are compared; absent for all. */
  only?: (object: ObjectRef) => boolean;
  signal?: AbortSignal;
}

/** Reads green, and compares it object by object with what should be there. */
export async function parity(
  expected: readonly Departure[],
  green: KubeReader,
  { at, ledger, only = () => true, signal }: ParityOptions,
): Promise<ParityReport> {
  const live: KubeObject[][] = [];
  const gone = ledger ? await goneKinds(expected, green, ledger) : [];
  for (const resource of [...resourcesOf(expected), ...gone]) {
    // Of a kind that green doesn't serve it has no objects, and each expected one is missing.
    live.push((await listIfServed(green, resource, signal ? { signal } : {})) ?? []);
  }
  const { clusterId } = await green.info();
  return { format: 1, at, green: { clusterId }, ...compareClusters(expected, live.flat(), only, ledger) };
}

/** The comparison itself: pure. `live` holds every object that green has of the kinds that are, or were, expected. */
function compareClusters(
  expected: readonly Departure[],
  live: readonly KubeObject[],
  only: (object: ObjectRef) => boolean,
  ledger?: Pick<Ledger, "get">,
): Pick<ParityReport, "compared" | "declared" | "differences"> {
  const onGreen = new Map(live.map((object) => [refKey(refOf(object)), object]));
  const context = autoscaledAmong(expected.map(({ object }) => object));
  const greenUids = uidsOf(expected, onGreen);
  const declared: Record<string, number> = {};
  const differences: Difference[] = [];

  for (const departure of expected) {
    const ref = refOf(departure.object);
    const found = onGreen.get(refKey(ref));
    onGreen.delete(refKey(ref));
    if (!only(ref)) continue;
    if (!found) {
      differences.push({ object: ref, kind: "missing", fields: [] });
      continue;
    }
    const wanted = mapOwners(departure.object, greenUids).object;
    const judged = departure.mergedBy
      ? compareObjects(merge(found, wanted), found).map((difference) => ({ ...difference, toleratedBy: undefined }))
      : judge(wanted, found, context);
    const fields: Difference["fields"] = [];
    for (const { path, blue, green, toleratedBy } of judged) {
      if (toleratedBy !== undefined) declared[toleratedBy] = (declared[toleratedBy] ?? 0) + 1;
      else fields.push({ path: jsonPointer(path), blue: shown(ref, blue), green: shown(ref, green) });
    }
    if (fields.length > 0) differences.push({ object: ref, kind: "different", fields });
  }
  // What others made on green is green's own; what we made and no longer expect has gone from blue since.
  for (const left of onGreen.values()) {
    if (only(refOf(left)) && wasCreatedByUs(left, ledger))
      differences.push({ object: refOf(left), kind: "unexpected", fields: [] });
  }
  const compared = expected.filter(({ object }) => only(refOf(object))).length;
  return { compared, declared, differences };
}

function uidsOf(expected: readonly Departure[], onGreen: ReadonlyMap<string, KubeObject>): Map<string, string> {
  const uids = new Map<string, string>();
  for (const { uid, object } of expected) {
    const green = onGreen.get(refKey(refOf(object)))?.metadata.uid;
    if (uid && green && !uids.has(uid)) uids.set(uid, green);
  }
  return uids;
}

/** A report never holds a Secret's values, not even in the annotation that kubectl leaves. */
function shown({ kind }: { kind: string }, value: unknown): unknown {
  return kind === "Secret" && value !== undefined ? "(hidden)" : value;
}

/** Merging writes to objects that green has by itself; those are not ours to miss. */
function wasCreatedByUs(object: KubeObject, ledger: Pick<Ledger, "get"> | undefined): boolean {
  const kind = kindKey(refOf(object));
  const { uid = "" } = object.metadata;
  const written = uid !== "" && ledger?.get(refKey(refOf(object)))?.uid === uid;
  return (isOurs(object) || written) && !mergedRules.some((rule) => rule.kinds.includes(kind) && rule.applies(object));
}

function resourcesOf(expected: readonly Departure[]): ApiResource[] {
  const resources = expected.map(({ resource }): [string, ApiResource] => [
    `${resource.resource} ${apiVersionOf(resource.group, resource.version)}`,
    resource,
  ]);
  return [...new Map(resources).values()];
}
