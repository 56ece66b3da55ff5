import type { Config } from "../../../../config/schema.js";
import type { Pair } from "./pair.js";
import type { Revision } from "./revision.js";

/** What was said of the old blue's objects. What holds for a team's workloads wherever they run stays. */
export function reviseObjects(revision: Revision, { replay, workloads }: Config, { gone, blue }: Pair): void {
  const named = (entries: readonly { name: string }[]): string => entries.map(({ name }) => name).join(", ");
  revision.takeOut(
    ["replay", "keep"],
    `${named(replay.keep)}: what ${gone.name}'s installer had named; ${blue.name} has copies of its own.`,
  );
  revision.takeOut(
    ["replay", "transforms"],
    `${named(replay.transforms)}: ${blue.name}'s objects came through it already. Write down again what must be changed once more.`,
  );
  revision.takeOut(
    ["replay", "adaptations", "nodeLabels"],
    `it renamed labels of ${gone.name}'s nodes, and ${blue.name}'s have the new ones.`,
  );
  const { rules, context } = workloads.exclusive;
  if (rules.length > 0)
    revision.account.unknown.push(
      `The hand-over's identity in ${blue.name}: \`clustershift permissions blue-hand-over\` prints it, and workloads.exclusive still names ${gone.name}'s, ${context}.`,
    );
}
