import { migrations } from "../../../migrations/index.js";
import type { KubeReader } from "../../kube/api.js";
import { listAll } from "../../kube/list-all.js";
import { readableResources } from "../../kube/resources.js";
import { UserError } from "../../model/errors.js";
import type { ExternalDns } from "../../model/external-dns.js";
import type { Finding } from "../../model/finding.js";
import { parseKubeVersion } from "../../model/kube-version.js";
import {
  type ApiResource,
  apiVersionOf,
  type KubeObject,
  kindKey,
  type ObjectRef,
  refKey,
  refOf,
} from "../../model/objects.js";
import type { PlannedChange, PlannedHold, PlannedKind } from "../../model/plan.js";
import type { Decided, Exclusives, Releases } from "../../plan/assessment.js";
import { predictResources } from "../../plan/predict.js";
import { compareApiVersions } from "../../replay/api-priority.js";
import type { Change } from "../../replay/changes/change.js";
import { externalDnsOf } from "../../replay/external-dns.js";
import { notReached } from "../../replay/holds/not-reached.js";
import type { Prepared } from "../../replay/prepare.js";
import { planReplay } from "../../replay/replay.js";
import { chooseVersions } from "../../replay/versions.js";
import type { Context } from "./command.js";
import { decidedOver } from "./decided.js";
import { exclusivesOf } from "./exclusives.js";
import type { Project } from "./project.js";
import { releasesAmong } from "./releases.js";
import { replayRules } from "./replay-rules.js";

/** All of blue, read once: what plan and export go by. */
export interface Survey {
  resources: ApiResource[];
  broken: { groupVersion: string; reason: string }[];
  /** One resource a kind, each in the version in which it is to be read. */
  readable: ApiResource[];
}

/** Which kinds blue has, and in which version each is read so that green's version can take it. */
export async function surveyKinds(blue: Pick<KubeReader, "discover" | "pages">, project: Project): Promise<Survey> {
  const { resources, broken } = await blue.discover();
  const to = parseKubeVersion(project.config.green.version);
  if (!to)
    throw new UserError({
      code: "config-invalid",
      what: `green.version ${project.config.green.version} is no version.`,
      fix: 'Write for example "1.35".',
    });
  const predicted = predictResources(resources, to);
  // The newest version comes first; up to 1.15 there is only v1beta1.
  const [definition] = resources
    .filter(({ kind, group }) => kind === "CustomResourceDefinition" && group === "apiextensions.k8s.io")
    .sort((a, b) => compareApiVersions(a.version, b.version));
  const crds = definition ? await listAll(blue, definition) : [];
  const choices = new Map(
    chooseVersions(resources, predicted, migrations, crds).map((choice) => [kindKey(choice.groupKind), choice.readAs]),
  );
  const readable = readableResources(resources, (candidates) => {
    const chosen = candidates[0] && choices.get(kindKey(candidates[0]));
    const found = candidates.find(({ version }) => version === chosen?.version) ?? candidates[0];
    if (!found) throw new Error("a kind without versions");
    return found;
  });
  return { resources, broken, readable };
}

export interface SurveyedObjects {
  objects: KubeObject[];
  kinds: PlannedKind[];
  changes: PlannedChange[];
  decided: Decided;
  held: PlannedHold[];
  /** External-dns on blue, and as it will arrive on green. */
  externalDns: { blue: ExternalDns[]; green: ExternalDns[] };
  exclusive: Exclusives;
  /** What blue's objects will be called on green, by `refKey`; the first, where one becomes several. */
  arrivals: ReadonlyMap<string, ObjectRef>;
  remarks: Finding[];
  releases: Releases;
}

/** Lists everything, and decides what would become of each object, by what green's version is known to serve. */
export async function surveyObjects(
  blue: Pick<KubeReader, "pages">,
  { resources, readable }: Survey,
  project: Project,
  { progress }: Context,
): Promise<SurveyedObjects> {
  const to = parseKubeVersion(project.config.green.version);
  const byKind = new Map<string, KubeObject[]>();
  let count = 0;
  for (const [index, resource] of readable.entries()) {
    const items = await listAll(blue, resource);
    byKind.set(kindKey(resource), items);
    count += items.length;
    progress.tick(`listing blue (${count} objects)`, { done: index + 1, total: readable.length, unit: "kinds" });
  }
  const source = {
    kinds: readable.map((resource) => ({ resource, count: byKind.get(kindKey(resource))?.length ?? 0 })),
    async *objects(resource: ApiResource) {
      yield* byKind.get(kindKey(resource)) ?? [];
    },
  };
  const predicted = to ? predictResources(resources, to) : resources;
  const rules = await replayRules(project);
  const planned = await planReplay(source, rules, predicted);
  const { choices, prepared } = planned;
  const settledBy = new Map<string, Set<string>>();
  for (const { object, ending, by } of prepared.settled) {
    if (ending === "failed") continue;
    const key = kindKey(object);
    settledBy.set(key, (settledBy.get(key) ?? new Set()).add(by ?? ending));
  }
  const arriving = new Set(prepared.departures.map(({ source: { group, kind } }) => kindKey({ group, kind })));
  const kinds = source.kinds
    .filter((each) => each.count > 0)
    .map(({ resource, count: listed }): PlannedKind => {
      const key = kindKey(resource);
      const choice = choices.find(({ groupKind }) => kindKey(groupKind) === key);
      const rules = [...(settledBy.get(key) ?? [])].sort();
      const by = [...(choice?.migration && arriving.has(key) ? [choice.migration.id] : []), ...rules].join(", ");
      return {
        kind: key,
        count: listed,
        readAs: apiVersionOf(resource.group, resource.version),
        writeAs: arriving.has(key) ? (choice?.writeAs ?? null) : null,
        ...(by && { by }),
      };
    });
  const objects = [...byKind.values()].flat();
  const decided = decidedOver(objects, planned, project);
  const { exclusive, entries } = exclusivesOf(objects, project, planned.deciding.inventory);
  return {
    objects,
    kinds,
    changes: plannedChanges(rules.changes, prepared),
    decided: { ...decided, configured: [...decided.configured, ...entries] },
    held: plannedHolds(prepared),
    externalDns: {
      blue: objects.flatMap((object) => externalDnsOf(object) ?? []),
      green: prepared.departures.flatMap(({ object: { status: _, ...object } }) => externalDnsOf(object) ?? []),
    },
    exclusive,
    arrivals: new Map(
      prepared.departures.map(({ source, object }): [string, ObjectRef] => [refKey(source), refOf(object)]).reverse(),
    ),
    remarks: [
      ...prepared.findings,
      ...notReached(objects, prepared.settled, rules.changes, planned.deciding.inventory),
    ],
    releases: releasesAmong(objects),
  };
}

function plannedHolds({ departures }: Prepared): PlannedHold[] {
  return departures.flatMap(({ object, held }) =>
    held ? [{ object: refOf(object), hold: held.hold, until: held.until }] : [],
  );
}

function plannedChanges(changes: readonly Change[], { promised, settled }: Prepared): PlannedChange[] {
  const counts = new Map<string, number>();
  for (const { changedBy = [] } of [...promised.values(), ...settled]) {
    for (const id of changedBy) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return changes
    .map(({ id, stage, reason }) => ({ id, stage, reason, objects: counts.get(id) ?? 0 }))
    .filter(({ objects, stage }) => objects > 0 || stage === "transform");
}
