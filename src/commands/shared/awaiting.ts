import type { KubeReader } from "../../kube/api.js";
import { type Awaited, awaitLeft } from "../../replay/deployers/await-left.js";
import { leftBy } from "../../replay/deployers/groups.js";
import type { ReplayPlan } from "../../replay/replay.js";
import type { Context } from "./command.js";
import type { Project } from "./project.js";
import { deployersOf } from "./replay-rules.js";

/** Waits for what was left to its deployers, and shows how many have come; at once where nothing was. */
export async function awaitDeployers(
  plan: ReplayPlan,
  green: KubeReader,
  { config }: Project,
  { progress, edges }: Context,
): Promise<Awaited> {
  const left = leftBy(plan, deployersOf(config));
  if (left.length === 0) return { left: 0, come: 0, missing: [] };
  const names = [...new Set(left.map(({ deployer }) => deployer))];
  const who = names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
  progress.line(`migrate: ${left.length} object(s) are left to ${who}; waiting until they have come on green`);
  return awaitLeft(left, plan, {
    green,
    signal: edges.signal,
    onProgress: (done, total) => progress.tick("waiting for deployers", { done, total, unit: "objects" }),
  });
}

export function describeAwaited({ left, come, missing }: Awaited): string[] {
  if (left === 0) return [];
  return [
    ...missing.map(({ object, deployer }) => `  not there: ${object}, which was left to ${deployer}`),
    `${come} of ${left} object(s) that were left to their deployers have come on green.`,
  ];
}
