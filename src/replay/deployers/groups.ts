import { compareText } from "../../model/canonical.js";
import { type KubeObject, kindKey, type ObjectRef, refKey, refOf } from "../../model/objects.js";
import type { PlannedDeployer } from "../../model/plan.js";
import type { ReplayPlan } from "../replay.js";
import { type ConfiguredDeployer, entryFor, leftRule } from "./configured.js";
import type { Deployer } from "./deployer.js";
import { deployerOf } from "./index.js";

/** How many objects a group shows, where it doesn't show all. */
const shown = 5;

/** Objects by what made them: those that are copied, and those that are left to their deployers. */
export function groupsOf(plan: ReplayPlan): PlannedDeployer[] {
  const groups = new Map<string, { deployer: Deployer; handling: "copy" | "leave"; refs: string[] }>();
  const add = (object: KubeObject, handling: "copy" | "leave"): void => {
    const deployer = deployerOf(object, plan.deciding.inventory);
    const key = `${deployer.id} ${handling}`;
    const group = groups.get(key) ?? { deployer, handling, refs: [] };
    group.refs.push(refKey(refOf(object)));
    groups.set(key, group);
  };
  const { promised, settled } = plan.prepared;
  for (const object of sources(
    plan,
    [...promised.values()].filter(({ ending }) => ending === "migrated"),
  )) {
    add(object, "copy");
  }
  for (const object of sources(
    plan,
    settled.filter(({ by }) => by === leftRule),
  ))
    add(object, "leave");

  return [...groups.values()]
    .map(({ deployer, handling, refs }): PlannedDeployer => {
      const all = refs.sort(compareText);
      return {
        ...deployer,
        handling,
        objects: all.length,
        examples: deployer.kind === "hand" ? all : all.slice(0, shown),
      };
    })
    .sort((a, b) => compareText(`${a.id} ${a.handling}`, `${b.id} ${b.handling}`));
}

/** An object that its deployer is to bring on green. */
export interface Left {
  object: KubeObject;
  deployer: string;
  timeoutMs: number;
}

export function leftBy(plan: ReplayPlan, entries: readonly ConfiguredDeployer[]): Left[] {
  const left = plan.prepared.settled.filter(({ by }) => by === leftRule);
  return sources(plan, left).map((object) => {
    const deployer = deployerOf(object, plan.deciding.inventory);
    return { object, deployer: deployer.id, timeoutMs: entryFor(deployer, entries)?.timeoutMs ?? 0 };
  });
}

/** Entries that no object's deployer fits: most likely mistyped. */
export function idleEntries(groups: readonly PlannedDeployer[], entries: readonly ConfiguredDeployer[]): string[] {
  const used = new Set(groups.map((group) => entryFor(group, entries)));
  return entries.filter((entry) => !used.has(entry)).map(({ deployer }) => deployer);
}

/** Blue's objects of some outcomes. */
function sources({ deciding: { inventory } }: ReplayPlan, outcomes: readonly { object: ObjectRef }[]): KubeObject[] {
  const wanted = new Set(outcomes.map(({ object }) => refKey(object)));
  const kinds = new Set(outcomes.map(({ object }) => kindKey(object)));
  return [...kinds]
    .flatMap((kind) => [...inventory.listed(kind)])
    .filter((object) => wanted.has(refKey(refOf(object))));
}
