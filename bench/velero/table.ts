import { type KubeObject, kindKey, refOf } from "../../src/model/objects.js";
import type { Table } from "../../src/report/tables.js";
import type { Archive, Backed } from "./archive.js";
import type { Fate } from "./fates.js";
import type { Group } from "./groups.js";
import type { Found } from "./look.js";

/** One contender's end of a round. */
export interface Judged {
  name: string;
  /** Of what people made, in the order of the backup. */
  fates: readonly Fate[];
  /** Keys of all that it says it put into green. */
  put: ReadonlySet<string>;
  found: Found;
}

/** One for each end: a contender whose objects all ended as another's did is told with that one, by its name. */
export function apart(judged: readonly Judged[]): { judged: Judged[]; alike: [name: string, as: string][] } {
  const kept = new Map<string, Judged>();
  const alike: [string, string][] = [];
  for (const one of judged) {
    const end = JSON.stringify([one.fates, [...one.put].sort()]);
    const other = kept.get(end);
    if (other) alike.push([one.name, other.name]);
    else kept.set(end, one);
  }
  return { judged: [...kept.values()], alike };
}

const fateNames: Record<Fate["fate"], string> = {
  arrived: "arrived",
  changed: "changed",
  "left-out": "left out",
  failed: "failed",
  lost: "lost",
};

/** By kind: how many arrived, and what became of the others. Kinds of which everybody brought all are one line. */
export function fatesTable(judged: readonly Judged[]): Table {
  const kinds = [...new Set(judged.flatMap(({ fates }) => fates.map(({ kind }) => kind)))].sort();
  const cellsOf = (of: (fate: Fate) => boolean) => judged.map(({ fates }) => cell(fates.filter(of)));
  const countOf = (of: (fate: Fate) => boolean) => String(judged[0]?.fates.filter(of).length ?? 0);
  const isWhole = (kind: string) =>
    judged.every(({ fates }) => fates.every((fate) => fate.kind !== kind || fate.fate === "arrived"));
  const whole = kinds.filter(isWhole);
  const line = (text: string, of: (fate: Fate) => boolean) => [text, countOf(of), ...cellsOf(of)];
  return {
    head: ["kind", "in backup", ...judged.map(({ name }) => name)],
    rows: [
      ...kinds.filter((kind) => !isWhole(kind)).map((kind) => line(kind, (fate) => fate.kind === kind)),
      ...(whole.length > 0 ? [line(counted(whole.length, "other kind"), ({ kind }) => whole.includes(kind))] : []),
      line("all", () => true),
    ],
    numeric: [1],
  };
}

/** `10 arrived, 2 changed` */
function cell(fates: readonly Fate[]): string {
  const counts = (Object.keys(fateNames) as Fate["fate"][]).map(
    (each) => [fateNames[each], fates.filter(({ fate }) => fate === each).length] as const,
  );
  return counts.flatMap(([name, count]) => (count > 0 ? [`${count} ${name}`] : [])).join(", ");
}

/** What is behind each of those: the fields that differ, the ruling, or the tool's own words. */
export function reasonsTable(judged: readonly Judged[]): Table {
  const rows = judged.flatMap(({ name, fates }) => {
    const counts = new Map<string, { cells: string[]; count: number }>();
    for (const { kind, fate, why } of fates) {
      if (fate === "arrived") continue;
      const cells = [name, fateNames[fate], kind, list(why)];
      const at = cells.join("\n");
      counts.set(at, { cells, count: (counts.get(at)?.count ?? 0) + 1 });
    }
    const sorted = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
    return sorted.map(([, { cells, count }]) => [...cells.slice(0, 3), String(count), ...cells.slice(3)]);
  });
  return { head: ["who", "fate", "kind", "objects", "fields, ruling or words"], rows, numeric: [3] };
}

function list(why: readonly string[]): string {
  const shown = why.slice(0, 3).join(", ");
  return why.length > 3 ? `${shown} and ${why.length - 3} more` : shown || "nothing is said";
}

const groupNames: Record<Exclude<Group, "made">, string> = {
  "add-on": "of blue's kube-system",
  derived: "made by Kubernetes from others",
  own: "of blue's own running",
  velero: "of Velero on blue",
};

/** What else is in the backup, and who put it into green. */
export function othersTable(archive: Archive, groupOf: (backed: Backed) => Group, judged: readonly Judged[]): Table {
  const byLine = new Map<string, Backed[]>();
  for (const backed of archive.values()) {
    const group = groupOf(backed);
    if (group === "made") continue;
    const at = `${groupNames[group]}\n${backed.kind}`;
    byLine.set(at, [...(byLine.get(at) ?? []), backed]);
  }
  const rows = [...byLine]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([at, all]) => {
      const puts = judged.map(({ put }) => all.filter(({ key }) => put.has(key)).length);
      return { cells: at.split("\n"), all: all.length, puts };
    });
  const put = rows.filter(({ puts }) => puts.some((count) => count > 0));
  const rest = rows.filter(({ puts }) => puts.every((count) => count === 0));
  const left = rest.reduce((sum, { all }) => sum + all, 0);
  return {
    head: ["objects", "kind", "in backup", ...judged.map(({ name }) => `put by ${name}`)],
    rows: [
      ...put.map(({ cells, all, puts }) => [...cells, String(all), ...puts.map(String)]),
      ...(rest.length > 0 ? [["others", counted(rest.length, "kind"), String(left), ...judged.map(() => "0")]] : []),
    ],
    numeric: [2, ...judged.map((_, index) => 3 + index)],
  };
}

/** What acts on each green some seconds later, while blue still serves. */
export function actingTable(archive: Archive, judged: readonly Judged[]): Table {
  const blue = [...archive.values()].flatMap(({ versions }) => versions.slice(0, 1));
  const sides = [blue, ...judged.map(({ found }) => [...found.values()])];
  const isPod = ({ kind, apiVersion }: KubeObject) => kind === "Pod" && apiVersion === "v1";
  const isCronJob = ({ kind, spec }: KubeObject) =>
    kind === "CronJob" && (spec as { suspend?: boolean } | undefined)?.suspend !== true;
  const line = (text: string, of: (object: KubeObject, live: ReadonlySet<unknown>) => boolean) => [
    text,
    ...sides.map((objects) => {
      const live = new Set(objects.map(({ metadata }) => metadata.uid));
      return String(objects.filter((object) => of(object, live)).length);
    }),
  ];
  const defined = new Set(blue.flatMap(definedBy));
  const hasStatus = (object: KubeObject) =>
    defined.has(kindKey(refOf(object))) && Object.keys(object.status ?? {}).length > 0;
  const volumes = new Set(blue.filter(({ kind }) => kind === "PersistentVolume").map(({ metadata }) => metadata.name));
  const ofBlue = ({ kind, spec }: KubeObject) =>
    kind === "PersistentVolumeClaim" && volumes.has((spec as { volumeName?: string }).volumeName ?? "");
  const key = ({ metadata: { namespace, name } }: KubeObject) => `${namespace}/${name}`;
  const names = new Set(blue.filter(isPod).map(key));
  return {
    head: ["", "blue", ...judged.map(({ name }) => name)],
    rows: [
      line("CronJobs that aren't suspended", isCronJob),
      line("Pods", isPod),
      line("Pods under names of blue's", (object) => isPod(object) && names.has(key(object))),
      line(
        "Pods that no controller owns",
        (object, live) => isPod(object) && !(object.metadata.ownerReferences ?? []).some(({ uid }) => live.has(uid)),
      ),
      line("claims of volumes of blue's", ofBlue),
      line("custom resources that have a status", hasStatus),
    ],
    numeric: [1, ...judged.map((_, index) => 2 + index)],
  };
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** The kind that a definition defines; not Velero's own, which differ on both sides. */
function definedBy({ kind, spec }: KubeObject): string[] {
  if (kind !== "CustomResourceDefinition") return [];
  const { group, names } = spec as { group: string; names: { kind: string } };
  return group === "velero.io" ? [] : [kindKey({ group, kind: names.kind })];
}
