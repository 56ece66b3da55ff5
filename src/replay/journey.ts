import type { Arrival, Outcome } from "../model/accounting.js";
import type { Finding } from "../model/finding.js";
import type { HeldField } from "../model/held.js";
import type { Migrated } from "../model/migration.js";
import { type ApiResource, type KubeObject, kindKey, refOf } from "../model/objects.js";
import type { Change } from "./changes/change.js";
import { type ChangeMade, changesOf } from "./changes/index.js";
import { carriedManagers } from "./field-managers/carried.js";
import type { ManagerEntry } from "./field-managers/entries.js";
import type { Inventory } from "./inventory.js";
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
  /** Who should own its fields on green; the UIDs in it are still blue's too. */
  managers: ManagerEntry[];
  /** The rule by which it goes into an object that green has by itself. */
  mergedBy?: Rule;
  /** Present where green has it, but it's kept from acting there. */
  held?: HeldField;
}

/** What decides over each object. */
export interface Deciding {
  choices: readonly Choice[];
  rules: readonly Rule[];
  changes: readonly Change[];
  inventory: Inventory;
  resourceOf: (apiVersion: string, kind: string) => ApiResource | undefined;
}

/** One of the objects that become of a source: mostly there is one, and a migration may make several. */
export interface Way {
  /** As blue has it, or as the migration made it. */
  begins: KubeObject;
  changes: ChangeMade[];
  /** After the changes, and before what is blue's server's is stripped. */
  changed: KubeObject;
  /** Absent where the way ends before green. */
  departure?: Departure;
}

/** One object's way from blue to green, step by step: `prepare` gathers them, `explain` shows one. */
export interface Journey {
  object: KubeObject;
  rule?: Rule;
  choice?: Choice;
  /** Present where the object's way led through a migration. */
  migrated?: Migrated;
  ways: Way[];
  /** How it ends, should its departures arrive. */
  outcome: Outcome;
  departures: Departure[];
  /** What migrations and changes have to say to a person. */
  findings: Finding[];
}

/** Decides over one object: left behind by a rule, migrated, changed, stripped. Pure. */
export function journeyOf(object: KubeObject, choice: Choice | undefined, deciding: Deciding): Journey {
  const source = refOf(object);
  const rule = ruleFor(object, deciding.rules, deciding.inventory);
  const journey: Omit<Journey, "outcome"> = {
    object,
    ...(rule && { rule }),
    ...(choice && { choice }),
    ways: [],
    departures: [],
    findings: [],
  };
  const ends = (outcome: Omit<Outcome, "object">): Journey => ({
    ...journey,
    departures: [],
    outcome: { object: source, ...outcome },
  });
  const from = object.apiVersion;

  if (rule && rule.ending !== "merged") return ends({ ending: rule.ending, by: rule.id, reason: rule.reason });
  if (!choice || choice.path === "none") {
    const reason = `green serves no version of ${kindKey(source)} that blue serves, and no migration leads there`;
    return ends({ ending: "failed", by: "no-version", reason, from });
  }

  const migrated: Migrated = choice.migration?.migrate(object) ?? { result: "objects", objects: [object] };
  if (choice.migration) journey.migrated = migrated;
  for (const remark of migrated.remarks ?? []) journey.findings.push({ ...remark, object: source });
  const by = choice.migration && { by: choice.migration.id };
  if (migrated.result === "drop" || migrated.objects.length === 0) {
    const reason = migrated.result === "drop" ? migrated.reason : "the migration makes nothing of it";
    return ends({ ending: "dropped", ...by, reason, from });
  }

  const changedBy = new Set<string>();
  const dropped: Outcome[] = [];
  for (const begins of migrated.objects) {
    const changes = changesOf(begins, deciding.changes, deciding.inventory);
    const changed = changes.at(-1)?.after ?? begins;
    const way: Way = { begins, changes, changed };
    journey.ways.push(way);
    for (const { change, before, after, remarks, ends: end } of changes) {
      // Adaptations that only point something out have changed nothing.
      if (change.stage !== "adaptation" || after !== before) changedBy.add(change.id);
      for (const remark of remarks) journey.findings.push({ ...remark, object: source });
      const how = { by: change.id, from, changedBy: [...changedBy] };
      if (end?.ending === "failed") return ends({ ...end, ...how });
      if (end) dropped.push({ ...end, ...how, object: source });
    }
    if (changes.at(-1)?.ends) continue;
    const resource = deciding.resourceOf(changed.apiVersion, changed.kind);
    if (!resource) {
      const reason = `green doesn't serve ${changed.kind} in ${changed.apiVersion}`;
      return ends({ ending: "failed", by: "no-version", reason, from });
    }
    const managers = carriedManagers(object, begins, (...version) => deciding.resourceOf(...version) !== undefined);
    way.departure = { source, object: strip(changed), resource, managers };
    if (object.metadata.uid) way.departure.uid = object.metadata.uid;
    if (rule) way.departure.mergedBy = rule;
    const held = changes.find((made) => made.held)?.held;
    if (held) way.departure.held = held;
    journey.departures.push(way.departure);
  }
  const [end] = dropped;
  if (end && journey.departures.length === 0) return ends(end);

  const [first] = migrated.objects;
  const how = {
    ...(first && first.apiVersion !== from && { from, to: first.apiVersion }),
    ...(changedBy.size > 0 && { changedBy: [...changedBy] }),
  };
  return {
    ...journey,
    outcome: rule
      ? { object: source, ending: "merged", by: rule.id, reason: rule.reason, ...how }
      : { object: source, ending: "migrated", ...by, ...how },
  };
}
