import type { ChangedField, ExplainedStep, ExplainedWay, Explanation } from "../model/explanation.js";
import { sameJson } from "../model/json.js";
import type { Remark } from "../model/migration.js";
import {
  type ApiResource,
  apiVersionOf,
  type GroupKind,
  type KubeObject,
  kindKey,
  refKey,
  refOf,
} from "../model/objects.js";
import { compareApiVersions } from "./api-priority.js";
import { compareValues, jsonPointer } from "./compare.js";
import { type Journey, journeyOf, type Way } from "./journey.js";
import { masked } from "./masked.js";
import type { Departure } from "./prepare.js";
import type { ReplayPlan } from "./replay.js";
import { stripped } from "./strip.js";
import type { Choice } from "./versions.js";

/** What the explanation of a version is made from, beside the choice itself. */
export interface Serving {
  blue: readonly ApiResource[];
  green: readonly ApiResource[];
}

/** What becomes of one object of a planned replay, step by step: the same way that the replay takes it. Pure. */
export function explain(
  object: KubeObject,
  { choices, deciding, prepared }: ReplayPlan,
  serving: Serving,
): Explanation {
  const ref = refOf(object);
  const choice = choices.find(({ groupKind }) => kindKey(groupKind) === kindKey(ref));
  const journey = journeyOf(object, choice, deciding);
  const { rule, migrated, ways } = journey;
  const departures = prepared.departures.filter(({ source }) => refKey(source) === refKey(ref));
  return {
    object: ref,
    ...(rule && { rule: { id: rule.id, ending: rule.ending, reason: rule.reason } }),
    version: versionOf(ref, object, choice, serving),
    ...(migrated &&
      ways.length === 0 && {
        dropped: {
          id: choice?.migration?.id ?? "",
          reason: journey.outcome.reason ?? "",
          remarks: migrated.remarks ?? [],
        },
      }),
    ways: ways.map((way) => explainWay(way, departures, journey)),
    // The replay's own outcome, where it took part: it knows of owners that don't arrive.
    outcome: prepared.promised.get(refKey(ref)) ?? journey.outcome,
  };
}

function explainWay(way: Way, departures: readonly Departure[], { object, choice, migrated }: Journey): ExplainedWay {
  const steps: ExplainedStep[] = [];
  const { migration } = choice ?? {};
  if (migration && migrated)
    steps.push(step("migration", migration.id, migration.summary, object, way.begins, migrated.remarks));
  for (const { change, before, after, remarks, ends } of way.changes) {
    steps.push({
      ...step(change.stage, change.id, change.reason, before, after, remarks),
      ...(ends && { ends }),
    });
  }
  const { departure } = way;
  if (!departure) return { steps };

  for (const { rule, before, after } of stripped(way.changed)) {
    if (!sameJson(before, after)) steps.push(step("strip", rule.id, rule.reason, before, after));
  }
  const key = refKey(refOf(departure.object));
  const { object: written } = departures.find((each) => refKey(refOf(each.object)) === key) ?? departure;
  if (!sameJson(departure.object, written)) {
    const why = "Owners arrive in green's version and under their name there; who doesn't arrive owns nothing.";
    steps.push(step("owners", "owners", why, departure.object, written));
  }
  return { steps, written: masked(written) };
}

function step(
  stage: ExplainedStep["stage"],
  id: string,
  why: string,
  from: KubeObject,
  to: KubeObject,
  remarks: Remark[] = [],
): ExplainedStep {
  const [before, after] = [masked(from), masked(to, from)];
  return { stage, id, why, changes: changedFields(before, after), remarks, before, after };
}

function changedFields(before: KubeObject, after: KubeObject): ChangedField[] {
  return [...compareValues(before, after, [])].map(({ path, blue, green }) => ({
    path: jsonPointer(path),
    ...(blue !== undefined && { before: blue }),
    ...(green !== undefined && { after: green }),
  }));
}

const reasons: Record<Choice["path"], string> = {
  common: "The newest version that both serve: blue's server converts, and nothing of ours has to.",
  migration: "No version that both serve: a migration leads across.",
  custom:
    "A definition of blue's own provides it, which comes to green with it; the stored version where that is served.",
  none: "No version that both serve, and no migration leads across.",
};

function versionOf(
  kind: GroupKind,
  object: KubeObject,
  choice: Choice | undefined,
  { blue, green }: Serving,
): Explanation["version"] {
  const { readAs, writeAs = null, path = "none" } = choice ?? {};
  return {
    blue: versionsOf(kind, blue),
    green: versionsOf(kind, green),
    path,
    readAs: readAs ? apiVersionOf(readAs.group, readAs.version) : object.apiVersion,
    writeAs,
    why: reasons[path],
  };
}

function versionsOf({ group, kind }: GroupKind, resources: readonly ApiResource[]): string[] {
  return resources
    .filter((resource) => resource.group === group && resource.kind === kind)
    .sort((a, b) => compareApiVersions(a.version, b.version))
    .map(({ version }) => apiVersionOf(group, version))
    .filter((version, index, all) => all.indexOf(version) === index);
}
