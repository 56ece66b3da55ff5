import type { Arrival, Outcome } from "../model/accounting.js";
import type { Finding } from "../model/finding.js";
import type { Migrated } from "../model/migration.js";
import { type ApiResource, type KubeObject, kindKey, refKey, refOf } from "../model/objects.js";
import type { Change } from "./changes/change.js";
import { changesOf } from "./changes/index.js";
import type { Inventory } from "./inventory.js";
import { type ArrivingOwner, settleOwners } from "./owners.js";
import { ruleFor } from "./rules/index.js";
import type { Rule } from "./rules/rule.js";
import { strip } from "./strip.js";
import type { Choice } from "./versions.js";

/** An object that is ready to be written, but for its owners' UIDs, which are still blue's. */
export interface Departure extends Arrival {
  /** Blue's UID of the object that it comes from. */
  uid?: string;
  /** Where green takes it. */
  resource: ApiResource;
  /** The rule by which it goes into an object that green has by itself. */
  mergedBy?: Rule;
}

/** What is to become of blue's objects, before anything is written. */
export interface Prepared {
  departures: Departure[];
  /** The outcome of each source that has departures, should all of them arrive. By `refKey` of the source. */
  promised: Map<string, Outcome>;
  /** Sources whose outcome is already known: skipped, derived, dropped, or failed for want of a version. */
  settled: Outcome[];
  /** What migrations have to say to a person. */
  findings: Finding[];
}

export interface PrepareOptions {
  choices: readonly Choice[];
  rules: readonly Rule[];
  changes: readonly Change[];
  inventory: Inventory;
  resourceOf: (apiVersion: string, kind: string) => ApiResource | undefined;
  /** Owners, by blue's UID, that green has already: follow knows them from the replay. */
  arrived?: (uid: string) => ArrivingOwner | undefined;
}

/**
 * Decides over each object: left behind by a rule, migrated, stripped. Pure. Each object is in `promised` or in `settled`,
 * once.
 */
export function prepare(objects: Iterable<KubeObject>, options: PrepareOptions): Prepared {
  const prepared: Prepared = { departures: [], promised: new Map(), settled: [], findings: [] };
  const choices = new Map(options.choices.map((choice) => [kindKey(choice.groupKind), choice]));
  for (const object of objects) decide(object, choices.get(kindKey(refOf(object))), options, prepared);
  return withOwnersSettled(prepared, options.arrived);
}

function decide(object: KubeObject, choice: Choice | undefined, options: PrepareOptions, prepared: Prepared): void {
  const source = refOf(object);
  const rule = ruleFor(object, options.rules, options.inventory);
  if (rule && rule.ending !== "merged") {
    prepared.settled.push({ object: source, ending: rule.ending, by: rule.id, reason: rule.reason });
    return;
  }
  if (!choice || choice.path === "none") {
    const reason = `green serves no version of ${kindKey(source)} that blue serves, and no migration leads there`;
    prepared.settled.push({ object: source, ending: "failed", by: "no-version", reason, from: object.apiVersion });
    return;
  }

  const migrated: Migrated = choice.migration
    ? choice.migration.migrate(object)
    : { result: "objects", objects: [object] };
  for (const remark of migrated.remarks ?? []) prepared.findings.push({ ...remark, object: source });
  const by = choice.migration && { by: choice.migration.id };
  if (migrated.result === "drop" || migrated.objects.length === 0) {
    const reason = migrated.result === "drop" ? migrated.reason : "the migration makes nothing of it";
    prepared.settled.push({ object: source, ending: "dropped", ...by, reason, from: object.apiVersion });
    return;
  }

  const departures: Departure[] = [];
  const changedBy = new Set<string>();
  for (const result of migrated.objects) {
    const changes = changesOf(result, options.changes, options.inventory);
    for (const { change, remarks } of changes) {
      changedBy.add(change.id);
      for (const remark of remarks) prepared.findings.push({ ...remark, object: source });
    }
    const changed = changes.at(-1)?.after ?? result;
    const resource = options.resourceOf(changed.apiVersion, changed.kind);
    if (!resource) {
      const reason = `green doesn't serve ${changed.kind} in ${changed.apiVersion}`;
      prepared.settled.push({ object: source, ending: "failed", by: "no-version", reason, from: object.apiVersion });
      return;
    }
    const departure: Departure = { source, object: strip(changed), resource };
    if (object.metadata.uid) departure.uid = object.metadata.uid;
    if (rule) departure.mergedBy = rule;
    departures.push(departure);
  }
  const [first] = migrated.objects;
  const versions =
    first && first.apiVersion !== object.apiVersion ? { from: object.apiVersion, to: first.apiVersion } : {};
  const how = { ...versions, ...(changedBy.size > 0 && { changedBy: [...changedBy] }) };
  prepared.departures.push(...departures);
  prepared.promised.set(
    refKey(source),
    rule
      ? { object: source, ending: "merged", by: rule.id, reason: rule.reason, ...how }
      : { object: source, ending: "migrated", ...by, ...how },
  );
}

/** References to what doesn't arrive are taken off, and the outcome says so. */
function withOwnersSettled(prepared: Prepared, arrived?: PrepareOptions["arrived"]): Prepared {
  const arriving = new Map<string, KubeObject>();
  // Of several objects from one source the first is the owner: it's the one that takes its place.
  for (const { uid, object } of prepared.departures) if (uid && !arriving.has(uid)) arriving.set(uid, object);

  const departures = prepared.departures.map((departure) => {
    const { object, removed } = settleOwners(departure.object, (uid) => arriving.get(uid) ?? arrived?.(uid));
    const outcome = prepared.promised.get(refKey(departure.source));
    if (removed.length > 0 && outcome) addReason(outcome, ownersRemoved(removed.map(refKey)));
    return { ...departure, object };
  });
  return { ...prepared, departures };
}

export function ownersRemoved(owners: readonly string[]): string {
  return `Its reference to its owner was taken off, since the owner doesn't arrive: ${owners.join(", ")}.`;
}

export function addReason(outcome: Outcome, reason: string): void {
  outcome.reason = outcome.reason === undefined ? reason : `${outcome.reason} ${reason}`;
}
