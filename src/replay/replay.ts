import type { Accounting, Outcome } from "../model/accounting.js";
import type { Finding } from "../model/finding.js";
import type { Migration } from "../model/migration.js";
import { type ApiResource, type KubeObject, kindKey } from "../model/objects.js";
import { account, unaccounted } from "./accounting.js";
import { type ApplyOptions, apply } from "./apply.js";
import type { Change } from "./changes/change.js";
import { Inventory } from "./inventory.js";
import { type Departure, type Prepared, type PrepareOptions, prepare } from "./prepare.js";
import type { Rule } from "./rules/rule.js";
import { type Choice, chooseVersions, resourceFinder } from "./versions.js";

/** Where blue's objects come from: a bundle, or blue itself. */
export interface ReplaySource {
  /** Each kind in the version in which it was read, and how many objects were listed. */
  kinds: readonly { resource: ApiResource; count: number }[];
  objects(resource: ApiResource): AsyncIterable<KubeObject>;
}

/** What decides over blue's objects, beside themselves; each list is in the order in which it decides. */
export interface ReplayRules {
  migrations: readonly Migration[];
  rules: readonly Rule[];
  changes: readonly Change[];
}

/** What a replay would do: nothing is written yet. */
export interface ReplayPlan {
  choices: Choice[];
  prepared: Prepared;
  /** What decided, so that `follow` can decide over later changes in the same way. */
  deciding: PrepareOptions;
}

export interface ReplayResult {
  outcomes: Outcome[];
  accounting: Accounting;
  /** Kinds of which the source gave more or fewer objects than it listed; empty, or nothing can be believed. */
  unaccounted: { kind: string; listed: number; ended: number }[];
  /** What migrations have to say to a person. */
  findings: Finding[];
  /** What green should have now: what parity compares. */
  expected: Departure[];
  /** Where `follow` goes on. */
  plan: ReplayPlan;
  /** Blue's UID -> green's, of everything that arrived. */
  greenUids: Map<string, string>;
  /** Objects that were made or changed on green; 0 where all was there. */
  writes: number;
}

export interface ReplayOptions extends ApplyOptions {
  /** What is to be written, awaited before the first of it is. */
  onPrepared?: (departures: readonly Departure[]) => Promise<void>;
}

/** Puts a source's objects into green, and accounts for each of them. */
export async function replay(source: ReplaySource, rules: ReplayRules, options: ReplayOptions): Promise<ReplayResult> {
  const { resources } = await options.green.discover();
  const plan = await planReplay(source, rules, resources);
  const { prepared } = plan;
  await options.onPrepared?.(prepared.departures);
  const { outcomes, writes, greenUids } = await apply(prepared, options);
  const accounting = account(outcomes);
  return {
    outcomes,
    accounting,
    unaccounted: unaccounted(accounting, listedBy(source)),
    findings: prepared.findings,
    expected: prepared.departures,
    writes,
    plan,
    greenUids,
  };
}

/** Decides over each object of a source, given what green serves: the dry run of a replay, and what parity expects. */
export async function planReplay(
  source: ReplaySource,
  { migrations, rules, changes }: ReplayRules,
  greenResources: readonly ApiResource[],
): Promise<ReplayPlan> {
  const objects = await readAll(source);
  const inventory = new Inventory(rules, greenResources);
  for (const object of objects) inventory.add(object);

  const blueResources = source.kinds.map(({ resource }) => resource);
  const choices = chooseVersions(blueResources, greenResources, migrations, inventory.crds);
  const resourceOf = resourceFinder(greenResources, inventory.crds);
  const deciding = { choices, rules, changes, inventory, resourceOf };
  return { choices, prepared: prepare(objects, deciding), deciding };
}

/** What a source says that it holds, by `Kind.group`. */
function listedBy(source: ReplaySource): { kind: string; count: number }[] {
  return source.kinds.map(({ resource, count }) => ({ kind: kindKey(resource), count }));
}

async function readAll(source: ReplaySource): Promise<KubeObject[]> {
  const objects: KubeObject[] = [];
  for (const { resource } of source.kinds) {
    for await (const object of source.objects(resource)) objects.push(object);
  }
  return objects;
}
