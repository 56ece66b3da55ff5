import { homeOf } from "../kube/resources.js";
import { sha256 } from "../model/canonical.js";
import type { Place } from "../model/finding.js";
import {
  type GroupKind,
  type JsonObject,
  type KubeObject,
  kindKey,
  type ObjectRef,
  refKey,
  refOf,
} from "../model/objects.js";
import type { Placed } from "./read-folder.js";
import { type Fault, placeText } from "./refused.js";

/** One object of the cluster that the files were written from. */
export interface Known {
  /** As it is stored: a Deployment of `extensions` is one of `apps`. */
  ref: ObjectRef;
  /** By apiVersion: a script that exports each version that a server knows has an object several times. */
  versions: Map<string, Placed>;
}

/**
 * Each object once, by `refKey`. Copies that differ only in what servers write are one; those that contradict each other are
 * faults, since nothing says which of them is true.
 */
export function oneOfEach(placed: Iterable<Placed>): { known: Map<string, Known>; copies: number; faults: Fault[] } {
  const known = new Map<string, Known>();
  const faults: Fault[] = [];
  let copies = 0;
  for (const each of placed) {
    const { object, place } = each;
    const ref = { ...refOf(object), ...homeOf(refOf(object)) };
    const entry = known.get(refKey(ref)) ?? { ref, versions: new Map<string, Placed>() };
    known.set(refKey(ref), entry);
    const other = entry.versions.get(object.apiVersion);
    if (!other) {
      entry.versions.set(object.apiVersion, each);
      continue;
    }
    copies++;
    if (!isVolatile(ref) && essence(object) !== essence(other.object))
      faults.push(contradiction(ref, other.place, place));
    else if (isLater(object, other.object)) entry.versions.set(object.apiVersion, each);
  }
  return { known, copies, faults };
}

function contradiction(ref: ObjectRef, first: Place, second: Place): Fault {
  return {
    place: second,
    defect: "duplicate",
    what: `${refKey(ref)} contradicts ${placeText(first)}, which says something else of the same object`,
  };
}

/** Kinds that controllers rewrite all the time, and that no other cluster is given: of two copies the later counts. */
const volatile = new Set([
  "ComponentStatus",
  "Endpoints",
  "EndpointSlice.discovery.k8s.io",
  "Event",
  "Lease.coordination.k8s.io",
  "Node",
  "NodeMetrics.metrics.k8s.io",
  "PodMetrics.metrics.k8s.io",
]);

export const isVolatile = (kind: GroupKind): boolean => volatile.has(kindKey(kind));

const serverFields = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "selfLink",
  "uid",
];
/** Rewritten every few seconds by whoever leads. */
const leader = "control-plane.alpha.kubernetes.io/leader";

/** A sum of what people and controllers wrote: without what the server adds, and what it says of the object's state. */
export function essence({ status: _, ...object }: KubeObject): string {
  const metadata: JsonObject = { ...object.metadata };
  for (const field of serverFields) delete metadata[field];
  const { [leader]: __, ...annotations } = object.metadata.annotations ?? {};
  // A manifest may have `labels: {}` or `labels:`, which a server leaves out.
  for (const [field, value] of Object.entries({ ...metadata, annotations })) {
    if (value === null || (typeof value === "object" && Object.keys(value ?? {}).length === 0)) delete metadata[field];
    else metadata[field] = value;
  }
  return sha256({ ...object, metadata });
}

function isLater(one: KubeObject, other: KubeObject): boolean {
  const version = ({ metadata }: KubeObject) =>
    /^\d+$/.test(metadata.resourceVersion ?? "") ? Number(metadata.resourceVersion) : -1;
  return version(one) > version(other);
}
